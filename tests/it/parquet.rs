//! GeoParquet: written here by the crate that reads it, and held to a GeoPackage of the same features.

use std::fs::File;
use std::sync::Arc;

use gdal::vector::Geometry;
use parquet::basic::Compression;
use parquet::data_type::{ByteArrayType, DoubleType, Int64Type};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

use crate::workbench::{FIGURES, Workbench, at, two_towns};

const SCHEMA: &str = "message schema {
    optional binary class (UTF8);
    optional int64 number;
    optional double share;
    optional int32 day (DATE);
    optional group box { required double west; }
    optional binary ground;
}";

/// A feature: class and shape, either of which may be absent.
type Feature = (Option<&'static str>, Option<String>);

/// Writes features in groups of so many rows.
fn write(bench: &Workbench, name: &str, geo: &str, features: &[Feature], group: usize) {
    let geo = KeyValue::new("geo".to_owned(), geo.to_owned());
    let properties = WriterProperties::builder()
        .set_key_value_metadata(Some(vec![geo]))
        .set_compression(Compression::SNAPPY)
        .set_data_page_row_count_limit(100)
        .set_write_batch_size(50)
        .build();
    let file = File::create(bench.path(name)).unwrap();
    let schema = Arc::new(parse_message_type(SCHEMA).unwrap());
    let mut writer = SerializedFileWriter::new(file, schema, Arc::new(properties)).unwrap();
    for rows in features.chunks(group) {
        let mut columns = writer.next_row_group().unwrap();
        let mut column = 0;
        while let Some(mut next) = columns.next_column().unwrap() {
            let all = |present: bool| vec![i16::from(present); rows.len()];
            let bytes = |of: &dyn Fn(&Feature) -> Option<Vec<u8>>| {
                let values: Vec<Option<Vec<u8>>> = rows.iter().map(of).collect();
                let levels: Vec<i16> = values.iter().map(|v| i16::from(v.is_some())).collect();
                (values.into_iter().flatten().map(Into::into).collect::<Vec<_>>(), levels)
            };
            match column {
                0 => {
                    let (values, levels) = bytes(&|(class, _)| class.map(|c| c.as_bytes().to_vec()));
                    next.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None).unwrap();
                }
                1 => {
                    let numbers: Vec<i64> = (0..rows.len() as i64).collect();
                    next.typed::<Int64Type>().write_batch(&numbers, Some(&all(true)), None).unwrap();
                }
                2 => {
                    let shares = vec![0.5; rows.len()];
                    next.typed::<DoubleType>().write_batch(&shares, Some(&all(true)), None).unwrap();
                }
                3 => {
                    let days = vec![18_292; rows.len()];
                    next.typed::<parquet::data_type::Int32Type>()
                        .write_batch(&days, Some(&all(true)), None)
                        .unwrap();
                }
                4 => {
                    next.typed::<DoubleType>().write_batch(&[], Some(&all(false)), None).unwrap();
                }
                _ => {
                    let wkb = |wkt: &String| Geometry::from_wkt(wkt).unwrap().wkb().unwrap();
                    let (values, levels) = bytes(&|(_, shape)| shape.as_ref().map(wkb));
                    next.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None).unwrap();
                }
            }
            next.close().unwrap();
            column += 1;
        }
        columns.close().unwrap();
    }
    writer.close().unwrap();
}

/// What the metadata say, with a CRS as JSON.
fn geo(crs: &str) -> String {
    format!(
        r#"{{"version": "1.0.0", "primary_column": "ground",
            "columns": {{"ground": {{"encoding": "WKB", "geometry_types": [], "crs": {crs}}}}}}}"#
    )
}

const EPSG_4547: &str = r#"{"type": "ProjectedCRS", "name": "x", "id": {"authority": "EPSG", "code": 4547}}"#;

fn three_patches() -> Vec<Feature> {
    vec![
        (Some("111"), Some(at(100.0, 100.0, 300.0, 300.0))),
        (Some("111"), Some(at(200.0, 100.0, 400.0, 300.0))),
        (Some("120"), Some(at(900.0, 500.0, 1100.0, 600.0))),
    ]
}

fn bench_with(geo: &str, features: &[Feature], group: usize) -> Workbench {
    let bench = Workbench::new();
    bench.write("towns.geojson", &two_towns());
    write(&bench, "cover.parquet", geo, features, group);
    bench
}

#[test]
fn geoparquet_gives_the_same_figures_as_other_formats() {
    for group in [1, 2, 100] {
        let bench = bench_with(&geo(EPSG_4547), &three_patches(), group);
        let answer = bench.tabulate("towns.geojson", "cover.parquet", &[]);
        assert_eq!(answer.ended(0).figures(), FIGURES);
        answer.told("warning", "overlap", &["cover.parquet", "0 and 1"]);
    }
}

#[test]
fn values_of_geoparquet_filter_and_name_features() {
    let bench = bench_with(&geo(EPSG_4547), &three_patches(), 100);
    let figures = |condition: &str| {
        let answer = bench.tabulate("towns.geojson", "cover.parquet", &["--where", condition]);
        answer.ended(0).figures()[0].clone()
    };
    assert_eq!(figures("class = '120'"), "2 120 10000");
    assert_eq!(figures("number = 1 and share = 0.5 and day = '2020/01/31'"), "2 111 40000");
    let answer = bench.tabulate("towns.geojson", "cover.parquet", &["--where", "west = 1"]);
    answer.refused("field-unknown", &["west", "class, number, share, day"]);
}

#[test]
fn nulls_and_many_rows_in_one_row_group_are_read_in_their_place() {
    let mut features: Vec<Feature> = (0..20_000)
        .map(|i| {
            let (x, y) = (f64::from(i % 1000), f64::from(i / 1000));
            let class = (i % 3 > 0).then_some(if i % 3 == 1 { "a" } else { "b" });
            (class, Some(at(x, y, x + 0.5, y + 0.5)))
        })
        .collect();
    features[9_000].1 = None;
    let bench = bench_with(&geo(EPSG_4547), &features, 20_000);
    let answer = bench.tabulate("towns.geojson", "cover.parquet", &[]);
    let expected = ["2 a 1667", "2 b 1666", "2 (null) 1666"];
    assert_eq!(answer.ended(0).figures()[..3], expected);
    answer.told("warning", "geometry-empty", &["cover.parquet", "1 features", "9000"]);
}

#[test]
fn lines_and_points_of_geoparquet_are_measured_and_counted() {
    use crate::workbench::{X, Y};
    let [a, b] = [100.0, 1900.0].map(|x| format!("{} {}", X + x, Y + 500.0));
    let bench = bench_with(&geo(EPSG_4547), &[(Some("r"), Some(format!("LINESTRING ({a},{b})")))], 1);
    let answer = bench.tabulate("towns.geojson", "cover.parquet", &[]);
    let expected = "zone,class,length_m,share_pct,features\n2,r,900,100,1\n1,r,900,100,1\n(outside),r,0,,0\n";
    assert_eq!(answer.ended(0).out, expected);
    let points = [a, b].map(|place| (Some("t"), Some(format!("POINT ({place})"))));
    let bench = bench_with(&geo(EPSG_4547), &points, 1);
    let answer = bench.tabulate("towns.geojson", "cover.parquet", &["--sum", "share"]);
    let expected = "zone,class,count,sum_share,null_share\n2,t,1,0.5,0\n1,t,1,0.5,0\n(outside),t,0,0,0\n";
    assert_eq!(answer.ended(0).out, expected);
}

#[test]
fn a_geoparquet_says_its_crs() {
    let bench = bench_with(&geo("null"), &three_patches(), 100);
    bench.tabulate("towns.geojson", "cover.parquet", &[]).refused("crs-missing", &["cover.parquet"]);
    let answer = bench.tabulate("towns.geojson", "cover.parquet", &["--cover-crs", "EPSG:4547"]);
    assert_eq!(answer.ended(0).figures(), FIGURES);
}

#[test]
fn what_is_no_geoparquet_is_named() {
    let bench = bench_with("{}", &three_patches(), 100);
    bench.tabulate("towns.geojson", "cover.parquet", &[]).refused("layer-cannot-open", &["cover.parquet"]);
    let native = geo(EPSG_4547).replace("WKB", "polygon");
    let bench = bench_with(&native, &three_patches(), 100);
    bench
        .tabulate("towns.geojson", "cover.parquet", &[])
        .refused("layer-cannot-open", &["encoded as polygon"]);
    let whole = std::fs::read(bench.path("cover.parquet")).unwrap();
    std::fs::write(bench.path("cover.parquet"), &whole[..whole.len() / 2]).unwrap();
    bench.tabulate("towns.geojson", "cover.parquet", &[]).refused("layer-cannot-open", &["cover.parquet"]);
}

#[test]
fn no_flipped_byte_makes_a_panic() {
    let bench = bench_with(&geo(EPSG_4547), &three_patches(), 2);
    let whole = std::fs::read(bench.path("cover.parquet")).unwrap();
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 0xFF;
        std::fs::write(bench.path("cover.parquet"), &bytes).unwrap();
        crate::readers::read_whatever_it_is(&bench.path("cover.parquet"), "class");
    }
}
