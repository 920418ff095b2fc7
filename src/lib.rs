//! sencheng (森城, "forest city"): tree-canopy and green-space coverage per town, checked against the National
//! Forest City standard (国家森林城市).
//!
//! # The stages
//! A run goes one way, and every stage takes a finished value and gives one:
//!
//! | stage | room | takes | gives |
//! |---|---|---|---|
//! | what was asked | [`project`] | the project file's bytes | [`project::Project`] |
//! | what was surveyed | [`layers`] | files | zones, covers as [`survey::Source`]s, tables |
//! | made ready | [`prepare`] | zones as recorded | [`prepare::Zones`]: repaired, on the grid, cut along tiles |
//! | how much of each town is what | [`measure`] | zones, covers, a [`measure::coverage::Plan`] | [`measure::coverage::Coverage`] |
//! | facts | [`analysis`] | coverage, residents | [`fact::Fact`]s |
//! | what the standard says of it | [`indicators`] | facts, a [`indicators::Standard`] | [`indicators::Verdict`]s |
//! | what we print | [`outputs`] | an [`analysis::analyze::Analysis`] | documents: bytes with a name |
//! | the person and the disk | [`cli`] | arguments | files, tables, an exit code |
//!
//! [`geometry`] holds the pure kernels, [`units`], [`terrain`], [`finding`], [`mod@words`], [`attribute`] and [`fact`] the plain
//! values that rooms share, [`sample`] a synthetic county to try everything on. `ARCHITECTURE.md` tells where a
//! new thing goes; a test enforces it.
//!
//! # The figures (算法口径)
//! One arithmetic is used everywhere.
//!
//! - **Ground of a feature** (要素的实际覆盖范围): the union over its parts of what the shell winds around (non-zero
//!   winding) less what its holes wind around. A bow-tie counts both wings, a ring drawn twice counts once, a hole
//!   outside its shell takes nothing away, overlapping parts count once ([`geometry::overlay::Overlay::ground`]).
//! - For zone *z* and class *k*: **gross** is the sum over features of area(ground ∩ z); **net** is the area of the
//!   union of the grounds ∩ z; overlap is gross − net. A **stratum** (层) is a set of classes by priority, each taking
//!   only what earlier ones left; in `tabulate` each class is united alone.
//! - `(none)` is the zone less everything; `(unmapped)` ground only under values that no rule maps; `(null)` a null
//!   class value; `(shared)` the sum of nets less their union.
//! - **Identity**, checked on every run, per zone and stratum: Σ area − (shared) + (unmapped) + (none) = zone, within
//!   1e-8 of the zone + 0.01 m². The zone's plane area comes from its uncut outline, all else from pieces.
//! - **Cells** (栅格像元) of a cover are patches along the lines between cells, cut along its masks before anything is
//!   measured ([`prepare::mask`]). Those without data, and the ground of a zone beyond them where they reach it at all
//!   ([`prepare::beyond`]), are unmapped.
//! - Strata are never added; a figure over several is the area of their union.
//! - **Working CRS** (工作坐标系): the project's; else the one projected CRS that the covers share, other than Web
//!   Mercator; else the zones'; else the CGCS2000 3-degree zone of the zones' centre in China, an equal-area CRS
//!   elsewhere ([`layers::crs::working`]). Overlay never runs in degrees. An edge is straight in the CRS its file
//!   stores; a layer in another CRS is densified before it is transformed ([`geometry::densify`]).
//! - **Area** (面积) is on the ellipsoid of the working CRS, with the plane area beside it ([`geometry::area`]). The
//!   series of the national land survey (国土调查办发〔2008〕32号) is the check in the tests
//!   ([`geometry::ellipsoid::Ellipsoid::strip_m2`]).
//! - **Length** (长度) of a line is on the ellipsoid, with the plane length beside it ([`geometry::length`]): edges are
//!   straight in the working CRS. A line is split at the borders of zones; what runs along a border is divided equally
//!   among the zones there, what runs along the outer border is the zone's. A **point** (点) on a border counts once,
//!   for the first of the zones in file order ([`prepare::borders`]). Σ zones − (shared) + (outside) = layer for every
//!   class, where (shared) is what overlapping zones count more than once. Attributes are added as decimals, exact to
//!   10⁻⁹ ([`attribute::Amount`]); nulls are counted apart.
//! - **Trees by species** (树种): spellings that differ by blanks or full-width forms are one species; names that only
//!   look alike stay apart and widen the range of the commonest ([`analysis::inventory`]). One tag is one **old tree**
//!   (古树名木). What a table does not say is never nought.
//! - **Gap** (缺口): what is missing above the line, in its unit, until the figure reaches; its range by the ends of both
//!   operands. As tasks it is rounded up to whole square metres, metres, trees or places and divided by largest
//!   remainders, so that the parts are the whole ([`indicators::split`]).
//! - 1 ha = 15 mu (亩), for printing only.
//!
//! # Two builds
//! With the feature `gdal` (usual) GDAL takes the formats and coordinate systems that the program does not know itself.
//! What it knows itself ([`layers::crs`], the readers of [`layers`], the writers of [`outputs`]) is the same code in both
//! builds, so that their figures are the same bytes. The lean build refuses the rest and names the feature.
//!
//! # Guarantees
//! Same input, same bytes, on one thread or many. Bad data is a [`finding::Finding`] that reaches the report; an
//! `Err` is kept for what stops the run, and says where, what, and what would be right. The library reads files in
//! [`layers`] only, and nothing but [`cli`] prints, writes, or asks for the clock and the locale. Parts of a measurement,
//! made anywhere in any order, merge to the whole byte for byte ([`measure::partial`]).

pub mod analysis;
pub mod attribute;
pub mod cli;
pub mod fact;
pub mod finding;
pub mod geometry;
pub mod indicators;
pub mod layers;
pub mod measure;
pub mod nearest;
pub mod outputs;
pub mod prepare;
pub mod project;
pub mod sample;
pub mod survey;
pub mod terrain;
pub mod threads;
pub mod units;
pub mod words;
