//! What `sencheng zonal` refuses.

use thiserror::Error;

use crate::analysis::zonal::LayError;
use crate::words;
use crate::words::{Explain, Words};

/// Why rasters cannot be measured over these zones.
#[derive(Debug, Error)]
pub enum ZonalError {
    /// Nothing says what a raster's coordinates are.
    #[error("{raster}: declares no coordinate system")]
    NoCrs { raster: String },
    /// Zones and raster do not go together.
    #[error("{raster}: {error}")]
    Lay { raster: String, error: LayError },
    /// A raster of weights with other cells.
    #[error("{weights}: its cells are not those of {raster}")]
    OtherGrid { weights: String, raster: String },
    /// A condition on something else than one number.
    #[error("--where {text}: must compare `value` with numbers, such as value >= 2")]
    Condition { text: String },
    /// So many classes are none; or, of a part whose rows are kept apart, too many at a time.
    #[error("{raster}: more than {most} classes{}", if *apart { " in the rows of this part" } else { " by zone" })]
    TooManyClasses { raster: String, most: usize, apart: bool },
    /// The quantiles of a part with so many different values would have to wait for the other parts.
    #[error("{raster}: more than {most} different values in the rows of this part")]
    TooManyValues { raster: String, most: usize },
    /// A plane area is asked for where there is no plane.
    #[error("{raster}: is in degrees, which have no plane area")]
    NoPlane { raster: String },
}

impl Explain for ZonalError {
    fn code(&self) -> &'static str {
        match self {
            Self::NoCrs { .. } => "raster-no-crs",
            Self::Lay { error: LayError::Apart, .. } => "raster-outside-zones",
            Self::Lay { error: LayError::TooFar { .. }, .. } => "raster-too-far",
            Self::Lay { error: LayError::Tangled { .. }, .. } => "zone-tangled",
            Self::OtherGrid { .. } => "weights-other-grid",
            Self::Condition { .. } => "zonal-condition",
            Self::TooManyClasses { .. } => "raster-no-classes",
            Self::TooManyValues { .. } => "raster-many-values",
            Self::NoPlane { .. } => "raster-no-plane",
        }
    }

    fn sentence(&self) -> Words {
        let zh = match self {
            Self::NoCrs { raster } => format!("{raster}：未声明坐标系"),
            Self::Lay { raster, error: LayError::Apart } => format!("{raster}：与任何分区都不相交"),
            Self::Lay { raster, error: LayError::TooFar { cells } } => {
                format!("{raster}：分区距栅格角点达 {cells:.0} 个像元")
            }
            Self::Lay { raster, error: LayError::Tangled { zone } } => {
                format!("{raster}：分区 {zone} 的边界重复覆盖像元")
            }
            Self::OtherGrid { weights, raster } => format!("{weights}：像元格网与 {raster} 不一致"),
            Self::Condition { text } => format!("--where {text}：须将 value 与数字比较，如 value >= 2"),
            Self::TooManyClasses { raster, most, apart } => {
                let of = if *apart { "本部分各行中的类别" } else { "各分区的类别合计" };
                format!("{raster}：{of}超过 {most} 个")
            }
            Self::TooManyValues { raster, most } => format!("{raster}：本部分各行中的不同数值超过 {most} 个"),
            Self::NoPlane { raster } => format!("{raster}：为经纬度栅格，没有平面积"),
        };
        Words::new(self.to_string(), zh)
    }

    fn cure(&self) -> Option<Words> {
        Some(match self {
            Self::NoCrs { .. } => words!("name it: --raster-crs EPSG:N", "请指明：--raster-crs EPSG:N"),
            Self::Lay { error: LayError::Apart, .. } => words!(
                "check the coordinate systems of both; look at them in a GIS, one over the other",
                "请核对两者的坐标系，并在 GIS 中叠加查看"
            ),
            Self::Lay { error: LayError::TooFar { .. }, .. } => words!(
                "leave out zones far from the raster, or resample it to larger cells",
                "请去掉远离栅格的分区，或将栅格重采样为较大的像元"
            ),
            Self::Lay { error: LayError::Tangled { .. }, .. } => {
                words!("repair the zone's outline in a GIS", "请在 GIS 中修复该分区边界")
            }
            Self::OtherGrid { .. } => {
                words!("resample the weights to the raster's cells", "请将权重重采样到该栅格的格网")
            }
            Self::Condition { .. } => {
                words!("write value and numbers only", "条件中只写 value 与数字")
            }
            Self::TooManyClasses { apart: false, .. } => words!(
                "heights and indices are asked for by --where 'value >= …' or by --stats; real classes by the thousand take more --memory or fewer zones at a time",
                "高度或指数请用 --where 'value >= …' 或 --stats；确有大量类别时请加大 --memory，或分批处理分区"
            ),
            Self::TooManyClasses { apart: true, .. } | Self::TooManyValues { .. } => words!(
                "split the work into more parts, give more --memory, or measure the whole without --part, which takes any number of values for quantiles",
                "请划分为更多部分、加大 --memory，或不用 --part 整体计算（求分位数时不限数值个数）"
            ),
            Self::NoPlane { .. } => {
                words!("use --area ellipsoid, or project the raster", "请用 --area ellipsoid，或先将栅格投影")
            }
        })
    }
}
