//! The coverage map: laws of its classes and labels, and what the finished pictures hold.

use std::f64::consts::TAU;

use geo::{Contains, Coord, LineString, MultiPolygon, Point, Polygon, polygon};
use proptest::prelude::*;
use resvg::tiny_skia::Pixmap;
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
pub fn chinese(zones: Vec<MapZone>) -> MapInput {
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
pub fn towns() -> Vec<MapZone> {
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
    for (j, &other) in sites.iter().enumerate().filter(|(j, _)| *j != i) {
        debug_assert_ne!(i, j);
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
