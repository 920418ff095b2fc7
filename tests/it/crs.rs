//! The coordinate systems that the program knows itself, against PROJ through GDAL: every entry of the register, every
//! way of writing it, the shift between datums.

use gdal::spatial_ref::{AxisMappingStrategy, CoordTransform, SpatialRef};
use sencheng::layers::crs::{Carrier, Crs, Kind};
use sencheng::project::settings::DatumShift;

/// What Chinese surveys are in, with WGS 84 and UTM: CGCS2000, Xian 1980, Beijing 1954, with and without zone prefix.
fn usual() -> impl Iterator<Item = u32> {
    [4214, 4326, 4490, 4610, 3857]
        .into_iter()
        .chain((4491..=4554).chain(2327..=2390))
        .chain((2401..=2442).chain(21413..=21423))
        .chain((21453..=21463).chain(32601..=32660).chain(32701..=32760))
}

fn traditional(mut srs: SpatialRef) -> SpatialRef {
    srs.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
    srs
}

fn theirs(definition: &str) -> SpatialRef {
    traditional(SpatialRef::from_definition(definition).unwrap_or_else(|e| panic!("{definition}: {e}")))
}

fn parameter(srs: &SpatialRef, names: [&str; 2]) -> f64 {
    names.into_iter().find_map(|name| srs.get_proj_param(name).ok().flatten()).unwrap_or(0.0)
}

/// Longitudes and latitudes about a central meridian, on the half of the earth where the plane lies.
fn places(srs: &SpatialRef, name: &str) -> (Vec<f64>, Vec<f64>) {
    let meridian = parameter(srs, ["central_meridian", "longitude_of_center"]);
    let origin = parameter(srs, ["latitude_of_origin", "latitude_of_center"]);
    let south = origin < 0.0 || name.ends_with('S') || name.contains("South");
    let mut places = (Vec::new(), Vec::new());
    for east in [-4.0, -1.5, 0.0, 0.25, 3.0] {
        for north in [2.0, 19.0, 28.5, 40.0, 53.0, 66.0] {
            places.0.push(meridian + east);
            places.1.push(if south { -north } else { north });
        }
    }
    places
}

/// The largest difference of coordinates; where neither has a place there is none.
fn apart(a: &(Vec<f64>, Vec<f64>), b: &(Vec<f64>, Vec<f64>)) -> f64 {
    let pairs = a.0.iter().zip(&b.0).chain(a.1.iter().zip(&b.1));
    pairs.map(|(a, b)| if a == b { 0.0 } else { (a - b).abs() }).fold(0.0, f64::max)
}

fn carried(carrier: &Carrier, places: &(Vec<f64>, Vec<f64>)) -> (Vec<f64>, Vec<f64>) {
    let mut carried = places.clone();
    carrier.carry(&mut carried.0, &mut carried.1);
    carried
}

fn transformed(from: &SpatialRef, to: &SpatialRef, places: &(Vec<f64>, Vec<f64>)) -> (Vec<f64>, Vec<f64>) {
    let mut there = places.clone();
    let step = CoordTransform::new(from, to).unwrap();
    // A place without an image is an error of the whole call; it is infinite then.
    let _ = step.transform_coords(&mut there.0, &mut there.1, &mut []);
    there
}

/// Differences from PROJ of the way into the plane and of the way back, and of our own way there and back.
fn differences(crs: &Crs, srs: &SpatialRef) -> [f64; 3] {
    let places = places(srs, &crs.name);
    let degrees = traditional(srs.geog_cs().unwrap());
    let own_degrees = Crs::parse(&degrees.to_wkt().unwrap()).unwrap();
    let there = Carrier::new("grid", &own_degrees, crs, Some(&DatumShift::Unshifted)).unwrap();
    let (ours, theirs) = (carried(&there, &places), transformed(&degrees, srs, &places));
    let back = carried(&Carrier::to_degrees(crs).unwrap(), &theirs);
    let known = |at: usize| theirs.0[at].is_finite() && back.0[at].is_finite();
    let round = (0..places.0.len()).filter(|i| known(*i));
    let turn = |degrees: f64| (degrees.abs() - 360.0).abs().min(degrees.abs());
    let round = round.map(|i| turn(back.0[i] - places.0[i]).max((back.1[i] - places.1[i]).abs()));
    [apart(&ours, &theirs), apart(&back, &transformed(srs, &degrees, &theirs)), round.fold(0.0, f64::max)]
}

#[test]
fn what_chinese_surveys_are_in_agrees_with_proj_to_ten_nanometres() {
    let mut counted = 0;
    for code in usual() {
        let (crs, srs) = (Crs::epsg(code).unwrap(), theirs(&format!("EPSG:{code}")));
        assert!(crs.is_own(), "{code}");
        assert_eq!(crs.label, format!("EPSG:{code}"));
        assert_eq!(crs.name, srs.name().unwrap(), "{code}");
        if crs.kind == Kind::Geographic {
            continue;
        }
        let [plane_m, degrees, _] = differences(&crs, &srs);
        assert!(plane_m < 1e-8 && degrees < 1e-13, "{code}: {plane_m:e} m, {degrees:e} degrees");
        counted += 1;
    }
    assert_eq!(counted, 313);
}

#[test]
fn every_entry_of_the_register_that_is_known_agrees_with_proj() {
    let mut counted = 0;
    for code in 2000..=32767 {
        let known = Crs::epsg(code).ok().filter(Crs::is_own);
        let (Some(crs), Ok(srs)) = (known, SpatialRef::from_epsg(code)) else { continue };
        let srs = traditional(srs);
        let ellipsoid = [srs.semi_major().unwrap(), srs.semi_minor().unwrap()];
        let ours = [crs.ellipsoid.a_m, crs.ellipsoid.b_m()];
        assert!(apart_by(ours[0], ellipsoid[0]) < 1e-6 && apart_by(ours[1], ellipsoid[1]) < 1e-6, "{code}");
        assert_eq!(srs.is_geographic(), crs.kind == Kind::Geographic, "{code}");
        counted += 1;
        if crs.kind == Kind::Geographic {
            continue;
        }
        assert!(apart_by(srs.linear_units(), crs.unit_m) < 1e-12, "{code}");
        let [plane, degrees, round] = differences(&crs, &srs);
        // Far from a conic's parallels coordinates grow to 1e8 feet, of which a number holds 1e-8.
        assert!(plane < 2e-6 && round < 4e-12, "{code} {}: {plane:e}, {round:e}", crs.name);
        // PROJ 9.1's own way back from the azimuthal projection is 1.6 mm short.
        let azimuthal = srs.get_attr_value("PROJECTION", 0).unwrap().unwrap().contains("Azimuthal");
        assert!(degrees < if azimuthal { 2e-8 } else { 4e-12 }, "{code} {}: {degrees:e}", crs.name);
    }
    assert!(counted > 4000, "{counted}");
}

fn apart_by(a: f64, b: f64) -> f64 {
    (a - b).abs()
}

/// A reference system written by GDAL in one of its dialects.
fn written(srs: &SpatialRef, format: &std::ffi::CStr) -> String {
    let options = [c"FORMAT=".to_owned(), std::ffi::CString::default()];
    let option = std::ffi::CString::new([options[0].as_bytes(), format.to_bytes()].concat()).unwrap();
    let options = [option.as_ptr(), std::ptr::null()];
    let mut text = std::ptr::null_mut();
    // SAFETY: the options end with a null; the text is GDAL's, copied, and given back.
    unsafe {
        assert_eq!(gdal_sys::OSRExportToWktEx(srs.to_c_hsrs(), &mut text, options.as_ptr()), 0);
        let copy = std::ffi::CStr::from_ptr(text).to_str().unwrap().to_owned();
        gdal_sys::VSIFree(text.cast());
        copy
    }
}

#[test]
fn every_way_of_writing_a_crs_is_read_as_the_same() {
    let conics = [2154, 3035, 3034, 32119, 2264, 5070, 3395, 3003, 31467, 25832];
    for code in usual().chain(conics) {
        let (crs, srs) = (Crs::epsg(code).unwrap(), theirs(&format!("EPSG:{code}")));
        let mut texts = vec![srs.to_wkt().unwrap(), srs.to_projjson().unwrap(), crs.wkt().to_owned()];
        texts.extend([c"WKT1_ESRI", c"WKT2_2015", c"WKT2_2019"].map(|format| written(&srs, format)));
        texts.extend([format!("urn:ogc:def:crs:EPSG::{code}"), format!("epsg:{code}"), code.to_string()]);
        for text in texts {
            let read = Crs::parse(&text).unwrap_or_else(|e| panic!("{code}: {e}: {text}"));
            assert!(read.is_own() && read.same_as(&crs), "{code}: {text}\n{read:?}");
            assert_eq!(read.kind, crs.kind, "{code}: {text}");
        }
        let ours = theirs(crs.wkt());
        assert!(crs.kind == Kind::WebMercator || ours.geog_cs().is_ok(), "{code}");
        if crs.kind == Kind::Projected {
            let [plane, ..] = differences(&crs, &ours);
            assert!(plane < 1e-6, "{code}: GDAL reads what is written otherwise: {plane:e}");
        }
    }
}

#[test]
fn seven_parameters_shift_as_proj_shifts() {
    let p = [-24.1, 109.0, 68.2, 0.35, -1.2, 0.6, 3.7];
    let numbers = p.map(|p| p.to_string()).join(",");
    let geodetic = theirs("EPSG:4326");
    for (code, ellipsoid) in
        [(2383, "+a=6378140 +rf=298.257"), (2435, "+ellps=krass"), (21419, "+ellps=krass")]
    {
        let crs = Crs::epsg(code).unwrap();
        let plain = theirs(&format!("EPSG:{code}"));
        let (meridian, east) =
            (parameter(&plain, ["central_meridian"; 2]), parameter(&plain, ["false_easting"; 2]));
        let bound = theirs(&format!(
            "+proj=tmerc +lon_0={meridian} +x_0={east} {ellipsoid} +towgs84={numbers} +no_defs"
        ));
        let xs = [-250_000.0, -3_000.0, 0.0, 120_000.0].map(|x| x + east).to_vec();
        let places = (xs, vec![2_100_000.0, 2_700_000.5, 4_400_000.0, 5_900_000.0]);
        let shift = DatumShift::Towgs84(p);
        let to = Crs::epsg(4490).unwrap();
        let ours = carried(&Carrier::new("old", &crs, &to, Some(&shift)).unwrap(), &places);
        let apart = apart(&ours, &transformed(&bound, &geodetic, &places));
        assert!(apart < 1e-13, "{code}: {apart:e} degrees");
        let refused = Carrier::new("old", &crs, &to, None);
        assert!(refused.is_err(), "no datum is shifted in silence");
        let unshifted =
            carried(&Carrier::new("old", &crs, &to, Some(&DatumShift::Unshifted)).unwrap(), &places);
        let own = carried(&Carrier::to_degrees(&crs).unwrap(), &places);
        assert!(unshifted == own, "{code}: longitudes and latitudes are taken as they are");
    }
}
