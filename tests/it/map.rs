//! The coverage map: laws of its classes and labels, and what the finished pictures hold.

use std::f64::consts::TAU;

use geo::{Contains, Coord, LineString, MapCoords, MultiPolygon, Point, Polygon, Rect, polygon};
use proptest::prelude::*;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};
use sencheng::outputs::map::{
    Breaks, Map, MapError, MapInput, MapZone, PNG_HEIGHT, PNG_WIDTH, choropleth, widest_spot,
};
use sencheng::words::Lang;

const HEPING: [&str; 17] = [
    "阳明镇",
    "大坝镇",
    "长塘镇",
    "下车镇",
    "上陵镇",
    "优胜镇",
    "贝墩镇",
    "古寨镇",
    "彭寨镇",
    "合水镇",
    "公白镇",
    "青州镇",
    "浰源镇",
    "热水镇",
    "东水镇",
    "礼士镇",
    "林寨镇",
];

/// A map of `zones` with Chinese words around.
fn chinese(zones: Vec<MapZone>) -> MapInput {
    MapInput {
        title: "和平县林木覆盖率分布图".to_owned(),
        subtitle: vec!["全县林木覆盖率 63.4%（示意数据，按乡镇统计）".to_owned()],
        zones,
        legend_title: "林木覆盖率".to_owned(),
        legend_note: "林木覆盖面积占乡镇土地面积".to_owned(),
        metres_per_unit: 1.0,
        crs: "坐标系：CGCS2000 / 3 度带高斯-克吕格投影，中央经线 114°E（EPSG:4547）".to_owned(),
        sources: "资料来源：森林资源图斑（synthetic）；乡镇界线".to_owned(),
        generated_by: "sencheng 0.1.0".to_owned(),
        lang: Lang::Zh,
    }
}

/// The towns of a made county some 40 km across: cells of 17 sites, their borders bent like rivers.
fn towns() -> Vec<MapZone> {
    let sites: Vec<Coord<f64>> = (0..17).map(site).collect();
    let zone = |(i, name): (usize, &&str)| MapZone {
        code: format!("4416241{i:02}"),
        name: (*name).to_owned(),
        shape: MultiPolygon(vec![bend(&cell(i, &sites))]),
        value: Some(0.41 + 0.47 * noise(i as f64 * 7.3)),
    };
    HEPING.iter().enumerate().map(zone).collect()
}

fn noise(x: f64) -> f64 {
    ((x * 12.9898 + 4.1).sin() * 43758.5453).rem_euclid(1.0)
}

/// Sites on a sunflower, so that no two are close.
fn site(i: usize) -> Coord<f64> {
    let (radius, angle) = (19_000.0 * ((i as f64 + 0.4) / 17.0).sqrt(), i as f64 * 2.4);
    Coord { x: 38_450_000.0 + radius * angle.cos(), y: 2_690_000.0 + 0.9 * radius * angle.sin() }
}

/// The ground nearer to site `i` than to the others, within an ellipse.
fn cell(i: usize, sites: &[Coord<f64>]) -> Vec<Coord<f64>> {
    let rim = |k: u32| {
        let angle = TAU * f64::from(k) / 90.0;
        Coord { x: 38_450_000.0 + 21_000.0 * angle.cos(), y: 2_690_000.0 + 19_000.0 * angle.sin() }
    };
    let mut ring: Vec<Coord<f64>> = (0..90).map(rim).collect();
    for &other in sites.iter().filter(|other| **other != sites[i]) {
        ring = nearer(&ring, sites[i], other);
    }
    ring
}

/// The part of a convex ring nearer to `a` than to `b`.
fn nearer(ring: &[Coord<f64>], a: Coord<f64>, b: Coord<f64>) -> Vec<Coord<f64>> {
    let middle = (a + b) / 2.0;
    let side = |p: Coord<f64>| (p.x - middle.x) * (b.x - a.x) + (p.y - middle.y) * (b.y - a.y);
    let mut kept = Vec::new();
    for (k, &p) in ring.iter().enumerate() {
        let q = ring[(k + 1) % ring.len()];
        let (here, there) = (side(p), side(q));
        if here <= 0.0 {
            kept.push(p);
        }
        if (here < 0.0) != (there < 0.0) && here != there {
            kept.push(p + (q - p) * (here / (here - there)));
        }
    }
    kept
}

/// The ring with many vertices, each moved by waves that depend on its place alone: neighbours stay neighbours.
fn bend(ring: &[Coord<f64>]) -> Polygon<f64> {
    let mut bent = Vec::new();
    for (k, &p) in ring.iter().enumerate() {
        let q = ring[(k + 1) % ring.len()];
        let steps = ((q - p).x.hypot((q - p).y) / 60.0).ceil().max(1.0) as u32;
        bent.extend((0..steps).map(|s| wave(p + (q - p) * (f64::from(s) / f64::from(steps)))));
    }
    Polygon::new(LineString(bent), Vec::new())
}

fn wave(p: Coord<f64>) -> Coord<f64> {
    let (x, y) = (p.x - 38_450_000.0, p.y - 2_690_000.0);
    let one = |u: f64, v: f64| {
        900.0 * (u / 4100.0 + v / 5300.0).sin()
            + 330.0 * (u / 900.0 - v / 1300.0).sin()
            + 110.0 * (u / 310.0 + v / 270.0).sin()
    };
    Coord { x: p.x + one(x, y), y: p.y + one(y, -x) }
}

fn square(x: f64, y: f64, side: f64) -> Polygon<f64> {
    polygon![(x: x, y: y), (x: x + side, y: y), (x: x + side, y: y + side), (x: x, y: y + side)]
}

fn zone(name: &str, shape: Vec<Polygon<f64>>, value: Option<f64>) -> MapZone {
    MapZone { code: name.to_owned(), name: name.to_owned(), shape: MultiPolygon(shape), value }
}

fn draw(zones: Vec<MapZone>) -> Map {
    choropleth(&chinese(zones)).unwrap()
}

fn pixels(png: &[u8]) -> Pixmap {
    Pixmap::decode_png(png).unwrap()
}

/// The part of the pixels whose colours differ by more than an eighth of the range.
fn difference(a: &Pixmap, b: &Pixmap) -> f64 {
    assert_eq!((a.width(), a.height()), (b.width(), b.height()));
    let apart = |(p, q): &(&[u8], &[u8])| p.iter().zip(q.iter()).any(|(m, n)| m.abs_diff(*n) > 32);
    let count = a.data().chunks(4).zip(b.data().chunks(4)).filter(apart).count();
    count as f64 / f64::from(a.width() * a.height())
}

fn has_colour(picture: &Pixmap, [r, g, b]: [u8; 3]) -> bool {
    picture.data().chunks(4).any(|p| p == [r, g, b, 255])
}

const LIGHTEST: [u8; 3] = [0xf4, 0xf7, 0xd5];
const DARKEST: [u8; 3] = [0x2c, 0x71, 0x3f];

#[test]
fn the_png_has_its_size_and_is_not_blank() {
    let picture = pixels(&draw(towns()).png);
    assert_eq!((picture.width(), picture.height()), (PNG_WIDTH, PNG_HEIGHT));
    let inked = picture.data().chunks(4).filter(|p| *p != [255, 255, 255, 255]).count();
    assert!(inked > (PNG_WIDTH * PNG_HEIGHT / 5) as usize, "{inked} pixels");
    assert!(has_colour(&picture, LIGHTEST) && has_colour(&picture, DARKEST));
}

#[test]
fn the_svg_needs_no_font_and_is_the_same_picture() {
    let map = draw(towns());
    let svg = String::from_utf8(map.svg).unwrap();
    assert!(!svg.contains("<text") && !svg.contains("font-family"));
    let tree = Tree::from_str(&svg, &Options::default()).unwrap();
    let mut picture = Pixmap::new(PNG_WIDTH, PNG_HEIGHT).unwrap();
    let scale = PNG_WIDTH as f32 / tree.size().width();
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut picture.as_mut());
    assert!(difference(&picture, &pixels(&map.png)) < 1e-3);
}

#[test]
fn two_runs_give_the_same_bytes() {
    let (one, two) = (draw(towns()), draw(towns()));
    assert!(one.svg == two.svg && one.png == two.png);
}

#[test]
fn far_coordinates_and_other_units_draw_the_same_picture() {
    let far = chinese(towns());
    let mut near = far.clone();
    near.metres_per_unit = 1000.0;
    for zone in &mut near.zones {
        zone.shape =
            zone.shape.map_coords(|c| Coord { x: (c.x - 38_450_000.0) / 1e3, y: (c.y - 2_690_000.0) / 1e3 });
    }
    let (far, near) = (choropleth(&far).unwrap(), choropleth(&near).unwrap());
    assert!(difference(&pixels(&far.png), &pixels(&near.png)) < 1e-3);
}

#[test]
fn every_town_of_heping_is_lettered_and_labelled() {
    let map = draw(towns());
    assert!(map.missing_glyphs.is_empty(), "{:?}", map.missing_glyphs);
    assert!(map.unlabelled.is_empty(), "{:?}", map.unlabelled);
}

#[test]
fn a_character_outside_the_font_is_named() {
    let map = draw(vec![zone("𬭸溪羴镇", vec![square(0.0, 0.0, 900.0)], Some(0.5))]);
    assert_eq!(map.missing_glyphs, vec!['羴', '𬭸']);
}

#[test]
fn names_with_markup_and_control_characters_are_drawn_as_letters() {
    let unnamed = draw(vec![zone("", vec![square(0.0, 0.0, 900.0)], Some(0.5))]);
    for name in ["<b>&amp;\"镇\"</b>", "]]>", "甲\u{0}乙\u{1b}", "\u{feff}\u{fffe}丙", "<text>"] {
        let map = draw(vec![zone(name, vec![square(0.0, 0.0, 900.0)], Some(0.5))]);
        assert!(map.png != unnamed.png && map.unlabelled.is_empty(), "{name:?}");
        assert!(map.missing_glyphs.iter().all(|c| *c == '\u{feff}'), "{name:?}: {:?}", map.missing_glyphs);
    }
}

#[test]
fn sheets_without_zones_or_values_are_still_sheets() {
    let empty = pixels(&draw(Vec::new()).png);
    assert!(!has_colour(&empty, LIGHTEST));
    let unknown = towns().into_iter().map(|zone| MapZone { value: None, ..zone }).collect();
    let unknown = draw(unknown);
    assert!(unknown.unlabelled.is_empty());
    assert!(!has_colour(&pixels(&unknown.png), LIGHTEST));
}

#[test]
fn a_value_that_is_not_a_number_is_no_data() {
    let with = |value| draw(vec![zone("甲镇", vec![square(0.0, 0.0, 900.0)], value)]);
    assert_eq!(with(Some(f64::NAN)).png, with(None).png);
    assert_eq!(with(Some(f64::INFINITY)).png, with(None).png);
}

#[test]
fn nothing_and_everything_have_the_outermost_colours() {
    let zones = vec![
        zone("无", vec![square(0.0, 0.0, 900.0)], Some(0.0)),
        zone("全", vec![square(900.0, 0.0, 900.0)], Some(1.0)),
    ];
    let picture = pixels(&draw(zones).png);
    let part = |colour: [u8; 3]| {
        let here = picture.data().chunks(4).filter(|p| p[..3] == colour).count();
        here as f64 / f64::from(PNG_WIDTH * PNG_HEIGHT)
    };
    assert!(part(LIGHTEST) > 0.15 && part(DARKEST) > 0.15, "{} {}", part(LIGHTEST), part(DARKEST));
}

#[test]
fn small_holed_scattered_and_flat_zones_are_drawn() {
    let rim = square(0.0, 0.0, 30_000.0);
    let hole = square(10_000.0, 10_000.0, 700.0);
    let holed = Polygon::new(rim.exterior().clone(), vec![hole.exterior().clone()]);
    let flat = polygon![(x: 0.0, y: -900.0), (x: 9_000.0, y: -900.0), (x: 0.0, y: -900.0)];
    let zones = vec![
        zone("大镇", vec![holed], Some(0.2)),
        zone("洞中乡人民政府驻地街道", vec![hole], Some(0.4)),
        zone("飞地镇", vec![square(31_000.0, 0.0, 4_000.0), square(40_000.0, 0.0, 1.0)], Some(0.6)),
        zone("线镇", vec![flat], Some(0.6)),
        zone("空镇", Vec::new(), Some(0.8)),
        zone("", vec![square(50_000.0, 0.0, 9_000.0)], Some(0.8)),
    ];
    let map = draw(zones);
    assert_eq!(map.unlabelled, vec!["空镇", ""]);
}

#[test]
fn very_long_words_stay_on_the_sheet() {
    let mut input = chinese(towns());
    let long = "很长的名称".repeat(40);
    input.title = long.clone();
    input.subtitle = vec![long.clone()];
    input.legend_title = long.clone();
    input.legend_note = long.clone();
    input.sources = long.clone();
    input.zones[3].name = long;
    let picture = pixels(&choropleth(&input).unwrap().png);
    let white = |x: u32| (0..PNG_HEIGHT).all(|y| picture.pixel(x, y).is_some_and(|p| p.red() == 255));
    assert!((0..60).all(|x| white(x) && white(PNG_WIDTH - 1 - x)));
}

#[test]
fn a_crowd_of_vertices_does_not_swell_the_svg() {
    let point = |i: u32| {
        let angle = TAU * f64::from(i) / 200_000.0;
        let radius = 9_000.0 + 1.0 * (angle * 9_000.0).sin();
        (radius * angle.cos(), radius * angle.sin())
    };
    let ring: LineString<f64> = (0..200_000).map(point).collect();
    let crowded = draw(vec![zone("密镇", vec![Polygon::new(ring, Vec::new())], Some(0.5))]);
    let plain = draw(vec![zone("密镇", vec![square(0.0, 0.0, 18_000.0)], Some(0.5))]);
    assert!(crowded.svg.len() < plain.svg.len() + 60_000, "{} {}", crowded.svg.len(), plain.svg.len());
}

#[test]
fn what_cannot_be_placed_is_an_error_that_names_it() {
    for bad in [f64::NAN, f64::INFINITY, 1e300] {
        let error = choropleth(&chinese(vec![zone("坏镇", vec![square(bad, 0.0, 9.0)], None)])).unwrap_err();
        assert_eq!(error, MapError::Coordinate { zone: "坏镇".to_owned() });
        assert!(error.zh().contains("坏镇") && error.cure().is_some());
    }
    for metres in [0.0, -1.0, f64::NAN] {
        let error = choropleth(&MapInput { metres_per_unit: metres, ..chinese(towns()) }).unwrap_err();
        assert_eq!(error.code(), "map-unit-length");
    }
}

#[test]
fn classes_are_round_and_a_border_belongs_above() {
    let breaks = Breaks::of([0.412, 0.55, 0.86]).unwrap();
    assert_eq!(breaks.borders(), [0.4, 0.5, 0.6, 0.7, 0.8, 0.9]);
    assert_eq!(breaks.borders().map(|b| breaks.class(b)), [0, 1, 2, 3, 4, 4]);
    assert_eq!(breaks.label(0.7), "70%");
    assert_eq!(Breaks::of([0.97, 0.999]).unwrap().borders(), [0.95, 0.96, 0.97, 0.98, 0.99, 1.0]);
    assert_eq!(Breaks::of([1.0]).unwrap().borders()[5], 1.0);
    assert_eq!(Breaks::of([0.001, 0.0042]).unwrap().label(0.001), "0.1%");
    assert_eq!(Breaks::of([f64::NAN]), None);
}

proptest! {
    #[test]
    fn every_share_falls_into_exactly_one_class(shares in prop::collection::vec(0.0..=1.0f64, 1..40)) {
        let breaks = Breaks::of(shares.iter().copied()).unwrap();
        let borders = breaks.borders();
        prop_assert!(borders.windows(2).all(|pair| pair[0] < pair[1]));
        prop_assert!(borders[0] >= 0.0 && borders[5] <= 1.0);
        for share in shares {
            let holds = |k: &usize| {
                share >= borders[*k] && (share < borders[k + 1] || (*k == 4 && share == borders[5]))
            };
            prop_assert_eq!((0..5).filter(holds).collect::<Vec<_>>(), vec![breaks.class(share)]);
        }
    }

    #[test]
    fn a_label_lies_within_its_polygon(
        radii in prop::collection::vec(5.0..60.0f64, 5..40),
        aspect in 0.5..6.0f64,
        enough in 1.0..9.0f64,
    ) {
        let corner = |(i, r): (usize, &f64)| {
            let angle = TAU * i as f64 / radii.len() as f64;
            (100.0 + r * angle.cos(), 100.0 + r * angle.sin())
        };
        let polygon = Polygon::new(radii.iter().enumerate().map(corner).collect(), Vec::new());
        let spot = widest_spot(&polygon, aspect, enough, 0.05).unwrap();
        prop_assert!(polygon.contains(&Point::from(spot.at)));
        let (dx, dy) = (0.999 * spot.room * aspect, 0.999 * spot.room);
        let label = Rect::new((spot.at.x - dx, spot.at.y - dy), (spot.at.x + dx, spot.at.y + dy));
        prop_assert!(polygon.contains(&label.to_polygon()));
    }
}

#[test]
fn a_label_avoids_holes_and_keeps_to_the_middle() {
    let ring = Polygon::new(
        square(0.0, 0.0, 30.0).exterior().clone(),
        vec![square(10.0, 10.0, 10.0).exterior().clone()],
    );
    let spot = widest_spot(&ring, 1.0, 3.0, 0.05).unwrap();
    assert!(spot.room > 2.9, "{spot:?}");
    assert!(ring.contains(&Point::from(spot.at)));
    let strip = polygon![(x: 0.0, y: 0.0), (x: 90.0, y: 0.0), (x: 90.0, y: 8.0), (x: 0.0, y: 8.0)];
    let spot = widest_spot(&strip, 2.0, 3.0, 0.05).unwrap();
    assert!((spot.at.x - 45.0).abs() < 1.0 && spot.room >= 3.0, "{spot:?}");
}
