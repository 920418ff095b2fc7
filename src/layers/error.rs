//! Why a layer could not be used: always with the file, the cause and the cure.

use thiserror::Error;

use crate::layers::raster::error::RasterError;
use crate::words;
use crate::words::{Explain, Words, foreign};

/// What stops a run at the door of a layer.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum LayerError {
    /// The path leads to nothing.
    #[error("{file}: no such file")]
    NotFound { file: String },
    /// Nothing matches a pattern of names.
    #[error("{pattern}: no file matches")]
    NoMatch { pattern: String },
    /// The file is there, but cannot be read.
    #[error("{file}: cannot be opened as a layer file: {cause}")]
    CannotOpen { file: String, cause: String },
    /// A format that only GDAL reads, in a build without it.
    #[error(
        "{file}: this build of the program does not read it ({reason}): the format needs the feature \"gdal\""
    )]
    FormatNeedsGdal { file: String, reason: String },
    /// A coordinate system that only GDAL knows, in a build without it.
    #[error("{crs}: this build of the program does not know this CRS: it needs the feature \"gdal\"")]
    CrsNeedsGdal { crs: String },
    /// A shapefile without one of the parts it cannot do without.
    #[error("{file}: its part {part} is missing")]
    PartMissing { file: String, part: String },
    /// The file has no layer with features.
    #[error("{file}: has no layer")]
    NoLayer { file: String },
    /// Several layers, and none was named.
    #[error("{file}: has several layers and none is named: {}", layers.join(", "))]
    SeveralLayers { file: String, layers: Vec<String> },
    /// A layer was named that is not there.
    #[error("{file}: has no layer \"{layer}\"; it has: {}", layers.join(", "))]
    NoSuchLayer { file: String, layer: String, layers: Vec<String> },
    /// A field was named that is not there.
    #[error("{layer}: has no field \"{field}\"; it has: {}", fields.join(", "))]
    NoSuchField { layer: String, field: String, fields: Vec<String>, close: Option<String> },
    /// The layer has not a single feature.
    #[error("{layer}: has no features")]
    Empty { layer: String },
    /// The layer has features, but no polygon among them.
    #[error("{layer}: holds {kind}, not polygons")]
    NotPolygons { layer: String, kind: Words },
    /// Attributes were to be added up of what are no points.
    #[error("{layer}: holds no points, and --sum adds up attributes of points")]
    NotPoints { layer: String },
    /// Trees that are to be counted come from points.
    #[error("{layer} is no layer of points")]
    PointsWanted { layer: String },
    /// The layer should hold lines.
    #[error("{layer}: holds no lines, and what stands beside roads and shores is told along lines")]
    NotLines { layer: String },
    /// People live on polygons or points.
    #[error("{layer}: holds lines, and people live on polygons or points")]
    NotHomes { layer: String },
    /// Pieces were asked for of what are no polygons.
    #[error("{layer}: holds no polygons, and --pieces tells what polygons have in zones")]
    NoPieces { layer: String },
    /// The layer holds lines and points, or a pattern names layers of several kinds.
    #[error("{layer}: holds features of several kinds (polygons, lines, points)")]
    Mixed { layer: String },
    /// The zones stretch farther than any county.
    #[error("{layer}: its zones stretch over {:.0} by {:.0} thousand units of the working CRS", width / 1e3, height / 1e3)]
    TooVast { layer: String, width: f64, height: f64 },
    /// A zone has no code.
    #[error("{layer}: feature {feature} has no value in the code field \"{field}\"")]
    NoCode { layer: String, feature: String, field: String },
    /// No coordinate system is recorded.
    #[error("{layer}: has no coordinate reference system")]
    NoCrs { layer: String, proposal: Option<String> },
    /// A coordinate system was named that nobody knows.
    #[error("\"{text}\" is not a coordinate reference system: {cause}")]
    BadCrs { text: String, cause: String },
    /// The working CRS must be projected.
    #[error("the working CRS {crs} is {kind}; areas cannot be overlaid in it")]
    NotWorkable { crs: String, kind: &'static str },
    /// Two datums, and nobody said how they relate.
    #[error("{layer}: its datum {datum} is not the working CRS's {working}, and no shift is given")]
    OtherDatum { layer: String, datum: String, working: String },
    /// The coordinates cannot be in the CRS that the layer declares.
    #[error("{layer}: its coordinates (x {x:?}, y {y:?}) contradict its CRS {crs}: {why}")]
    Contradicts {
        layer: String,
        crs: String,
        x: (f64, f64),
        y: (f64, f64),
        why: Words,
        proposal: Option<String>,
    },
    /// Reading broke off.
    #[error("{layer}: reading broke off after {read} features: {cause}")]
    BrokeOff { layer: String, read: u64, cause: String },
    /// The text encoding of a shapefile could not be found out.
    #[error("{file}: {cause}")]
    Encoding { file: String, cause: Words },
    /// A raster.
    #[error(transparent)]
    Raster(RasterError),
}

impl Explain for LayerError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "layer-not-found",
            Self::NoMatch { .. } => "pattern-empty",
            Self::CannotOpen { .. } => "layer-cannot-open",
            Self::FormatNeedsGdal { .. } => "format-needs-gdal",
            Self::CrsNeedsGdal { .. } => "crs-needs-gdal",
            Self::PartMissing { .. } => "layer-part-missing",
            Self::NoLayer { .. } => "layer-none",
            Self::SeveralLayers { .. } => "layer-not-named",
            Self::NoSuchLayer { .. } => "layer-unknown",
            Self::NoSuchField { .. } => "field-unknown",
            Self::Empty { .. } => "layer-empty",
            Self::NotPolygons { .. } => "layer-not-polygons",
            Self::NotPoints { .. } | Self::PointsWanted { .. } => "layer-not-points",
            Self::NotLines { .. } => "layer-not-lines",
            Self::NotHomes { .. } => "layer-not-homes",
            Self::NoPieces { .. } => "layer-without-pieces",
            Self::Mixed { .. } => "layer-mixed",
            Self::TooVast { .. } => "zones-too-vast",
            Self::NoCode { .. } => "zone-without-code",
            Self::NoCrs { .. } => "crs-missing",
            Self::BadCrs { .. } => "crs-unknown",
            Self::NotWorkable { .. } => "crs-not-projected",
            Self::OtherDatum { .. } => "datum-other",
            Self::Contradicts { .. } => "crs-contradicts",
            Self::BrokeOff { .. } => "layer-broke-off",
            Self::Encoding { .. } => "encoding-unknown",
            Self::Raster(error) => error.code(),
        }
    }

    fn sentence(&self) -> Words {
        Words::new(self.to_string(), self.zh())
    }

    fn cure(&self) -> Option<Words> {
        Some(match self {
            Self::Raster(error) => return error.cure(),
            Self::NoMatch { .. } => words!(
                "check the pattern; in a project file it counts from the project file's folder: * stands for any name, ** for any folders",
                "请核对通配符；项目文件中的路径从项目文件所在文件夹算起：* 代表任意文件名，** 代表任意层文件夹"
            ),
            Self::NotFound { .. } => words!(
                "check the path; in a project file it counts from the project file's folder",
                "请核对路径；项目文件中的路径从项目文件所在文件夹算起"
            ),
            Self::CannotOpen { .. } => words!(
                "formats: Shapefile (also zipped), GeoPackage, FlatGeobuf, GeoParquet, GeoJSON, file geodatabase, GML, KML; check that all parts of the file are there",
                "支持的格式：Shapefile（可压缩为 zip）、GeoPackage、FlatGeobuf、GeoParquet、GeoJSON、文件地理数据库、GML、KML；请检查文件是否齐全"
            ),
            Self::FormatNeedsGdal { .. } => words!(
                "save the layer as Shapefile, GeoPackage, FlatGeobuf, GeoParquet or GeoJSON, or build the program with GDAL: cargo build --release --features gdal",
                "请将图层另存为 Shapefile、GeoPackage、FlatGeobuf、GeoParquet 或 GeoJSON，或编译带 GDAL 的版本：cargo build --release --features gdal"
            ),
            Self::CrsNeedsGdal { .. } => words!(
                "bring the layer into a CGCS2000, WGS 84 or UTM coordinate system in a GIS, or build the program with GDAL: cargo build --release --features gdal",
                "请在 GIS 中将图层转换到 CGCS2000、WGS 84 或 UTM 坐标系，或编译带 GDAL 的版本：cargo build --release --features gdal"
            ),
            Self::PartMissing { part, .. } => words!(
                "copy {part} from the layer's origin too, or save the layer anew; a shapefile is .shp, .shx, .dbf and .prj together",
                "请从来源一并拷贝 {part}，或重新另存该图层；Shapefile 由 .shp、.shx、.dbf、.prj 共同组成"
            ),
            Self::NoLayer { .. } | Self::Empty { .. } => {
                words!("check that this is the right file", "请确认是否选对了文件")
            }
            Self::SeveralLayers { layers, .. } | Self::NoSuchLayer { layers, .. } => {
                let first = layers.first().map_or("", String::as_str);
                words!(
                    "name one: layer = \"{first}\" in the project file, --zones-layer or --cover-layer on the command line",
                    "请指定一个：项目文件中写 layer = \"{first}\"，命令行用 --zones-layer 或 --cover-layer"
                )
            }
            Self::NoSuchField { close: Some(close), .. } => {
                words!("did you mean \"{close}\"?", "是否为“{close}”？")
            }
            Self::NoSuchField { close: None, .. } => {
                words!("name one of its fields", "请改用现有字段名")
            }
            Self::NotPolygons { .. } => words!(
                "give a polygon layer; points of trees are a cover with crown_field = \"…\", the field with the diameter of the crown",
                "请提供面图层；树木点图层可作覆盖图层，须写 crown_field = \"…\"（冠幅字段）"
            ),
            Self::NotPoints { .. } => words!(
                "leave --sum out: a line or polygon that crosses a border has no one zone for its attribute; or give points",
                "请去掉 --sum：跨界的线、面无法把属性归于单一分区；或改用点图层"
            ),
            Self::PointsWanted { .. } => {
                words!(
                    "give a layer of points, or a table (xlsx, xls, csv)",
                    "请提供点图层或表格（xlsx、xls、csv）"
                )
            }
            Self::NotLines { .. } => words!(
                "give the axes of the roads, or the shore, as a line layer",
                "请提供道路中心线或岸线的线图层"
            ),
            Self::NotHomes { .. } => words!(
                "give residential land as polygons, or buildings or house numbers as points",
                "请提供居住用地面图层，或建筑、门牌点图层"
            ),
            Self::NoPieces { .. } => {
                words!("leave --pieces out, or give a polygon layer", "请去掉 --pieces，或改用面图层")
            }
            Self::Mixed { .. } => words!(
                "save polygons, lines and points in a GIS as layers of their own",
                "请在 GIS 中将面、线、点分别另存为各自的图层"
            ),
            Self::TooVast { .. } => words!(
                "counties and prefectures are measured in one run; check the CRS of the zones, and leave out with where what lies far away",
                "一次运行量算县或市；请核对分区的坐标系，并用 where 条件排除远处的要素"
            ),
            Self::NoCode { .. } => words!(
                "fill the code in, or leave the feature out with where",
                "请补填代码，或用 where 条件排除该要素"
            ),
            Self::NoCrs { proposal, .. } => match proposal {
                Some(crs) => words!(
                    "its coordinates look like {crs}; if that is right, say so: crs = \"{crs}\" for this layer (--zones-crs or --cover-crs on the command line)",
                    "其坐标像是 {crs}；如确认，请为该图层写明 crs = \"{crs}\"（命令行用 --zones-crs 或 --cover-crs）"
                ),
                None => words!(
                    "say what it is: crs = \"EPSG:…\" for this layer (--zones-crs or --cover-crs on the command line)",
                    "请为该图层写明 crs = \"EPSG:…\"（命令行用 --zones-crs 或 --cover-crs）"
                ),
            },
            Self::BadCrs { .. } => words!(
                "write an EPSG code such as EPSG:4547, a WKT or a PROJ string",
                "请写 EPSG 代码（如 EPSG:4547）、WKT 或 PROJ 字符串"
            ),
            Self::NotWorkable { .. } => words!(
                "choose a projected CRS in metres, such as the CGCS2000 3-degree zone of the county (EPSG:4534-4554)",
                "请选用以米为单位的投影坐标系，例如本县所在的 CGCS2000 三度带（EPSG:4534–4554）"
            ),
            Self::OtherDatum { .. } => words!(
                "give this layer datum_shift = {{ towgs84 = [dx, dy, dz, rx, ry, rz, ppm] }} with your bureau's parameters, or datum_shift = \"none\" to take its longitudes and latitudes as they are (an error of some 50 to 150 m); no shift is ever applied in silence",
                "请为该图层写明 datum_shift = {{ towgs84 = [dx, dy, dz, rx, ry, rz, ppm] }}（用本单位的转换参数），或写 datum_shift = \"none\" 按原经纬度直接采用（误差约 50 至 150 米）；程序绝不自行套用转换"
            ),
            Self::Contradicts { proposal: Some(crs), .. } => words!(
                "they would fit {crs}; if that is right, say so: crs = \"{crs}\" for this layer (--zones-crs or --cover-crs)",
                "与 {crs} 相符；如确认，请为该图层写明 crs = \"{crs}\"（命令行用 --zones-crs 或 --cover-crs）"
            ),
            Self::Contradicts { proposal: None, .. } => words!(
                "check which county and which CRS the layer belongs to; crs = \"EPSG:…\" overrides what the file says",
                "请核对图层所属县域与坐标系；可用 crs = \"EPSG:…\" 覆盖文件中的坐标系"
            ),
            Self::BrokeOff { .. } => words!(
                "the file may be cut off; copy it again from its origin",
                "文件可能不完整；请从来源重新拷贝"
            ),
            Self::Encoding { .. } => words!(
                "say what it is: encoding = \"GBK\" or \"UTF-8\" for this layer",
                "请为该图层写明 encoding = \"GBK\" 或 \"UTF-8\""
            ),
        })
    }
}

impl LayerError {
    fn zh(&self) -> String {
        match self {
            Self::NotFound { file } => format!("{file}：找不到该文件"),
            Self::NoMatch { pattern } => format!("{pattern}：没有匹配的文件"),
            Self::CannotOpen { file, cause } => format!("{file}：无法作为图层文件打开：{}", foreign(cause)),
            Self::FormatNeedsGdal { file, reason } => {
                format!("{file}：本程序的精简版不能读取：该格式需要 gdal 功能；{}", foreign(reason))
            }
            Self::CrsNeedsGdal { crs } => {
                format!("{crs}：本程序的精简版不识别该坐标系：需要 gdal 功能")
            }
            Self::PartMissing { file, part } => format!("{file}：缺少组成文件 {part}"),
            Self::NoLayer { file } => format!("{file}：其中没有图层"),
            Self::SeveralLayers { file, layers } => {
                format!("{file}：含有多个图层而未指定：{}", layers.join("、"))
            }
            Self::NoSuchLayer { file, layer, layers } => {
                format!("{file}：没有图层“{layer}”；现有：{}", layers.join("、"))
            }
            Self::NoSuchField { layer, field, fields, .. } => {
                format!("{layer}：没有字段“{field}”；现有：{}", fields.join("、"))
            }
            Self::Empty { layer } => format!("{layer}：没有任何要素"),
            Self::NotPolygons { layer, kind } => format!("{layer}：内容为{}，不是面图层", kind.zh),
            Self::NotPoints { layer } => format!("{layer}：不是点图层，而 --sum 只对点的属性求和"),
            Self::PointsWanted { layer } => format!("{layer}：不是点图层"),
            Self::NotLines { layer } => format!("{layer}：不是线图层，而道路、水岸绿化须沿线统计"),
            Self::NotHomes { layer } => format!("{layer}：是线图层，而居民须落在面或点上"),
            Self::NoPieces { layer } => format!("{layer}：不是面图层，而 --pieces 只列出面的明细"),
            Self::Mixed { layer } => format!("{layer}：同时含有多种要素（面、线、点）"),
            Self::TooVast { layer, width, height } => {
                format!("{layer}：分区跨度达 {:.0} × {:.0} 千单位（工作坐标系）", width / 1e3, height / 1e3)
            }
            Self::NoCode { layer, feature, field } => {
                format!("{layer}：要素 {feature} 的代码字段“{field}”为空")
            }
            Self::NoCrs { layer, .. } => format!("{layer}：没有坐标系"),
            Self::BadCrs { text, cause } => format!("“{text}”不是可识别的坐标系：{}", foreign(cause)),
            Self::NotWorkable { crs, .. } => format!("工作坐标系 {crs} 不能用于叠加求面积"),
            Self::OtherDatum { layer, datum, working } => {
                format!("{layer}：其基准 {datum} 与工作坐标系的 {working} 不同，且未给出转换参数")
            }
            Self::Contradicts { layer, crs, x, y, why, .. } => {
                format!("{layer}：坐标（x {x:?}，y {y:?}）与其坐标系 {crs} 矛盾：{}", why.zh)
            }
            Self::BrokeOff { layer, read, cause } => {
                format!("{layer}：读到第 {read} 个要素后中断：{}", foreign(cause))
            }
            Self::Encoding { file, cause } => format!("{file}：{}", cause.zh),
            Self::Raster(error) => error.sentence().zh,
        }
    }
}
