//! The ellipsoid of revolution and areas on it.
//!
//! In: geographic coordinates. Out: square metres. Two routes that share no formula stand here: the area
//! element, which the area model integrates, and the strip series of the national land survey, which checks it.

/// An ellipsoid of revolution (参考椭球).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ellipsoid {
    /// Semi-major axis (长半轴) in metres.
    pub a_m: f64,
    /// Flattening (扁率).
    pub flattening: f64,
}

/// The ellipsoid of CGCS2000 (GB 22021-2008).
pub const CGCS2000: Ellipsoid = Ellipsoid { a_m: 6_378_137.0, flattening: 1.0 / 298.257_222_101 };

impl Ellipsoid {
    /// From both axes in metres.
    pub fn from_axes(a_m: f64, b_m: f64) -> Self {
        Self { a_m, flattening: (a_m - b_m) / a_m }
    }

    /// Semi-minor axis (短半轴) in metres.
    pub fn b_m(&self) -> f64 {
        self.a_m * (1.0 - self.flattening)
    }

    /// First eccentricity squared (第一偏心率平方).
    pub fn e2(&self) -> f64 {
        self.flattening * (2.0 - self.flattening)
    }

    /// Square metres of ellipsoid per square radian of longitude and latitude: M·N·cos B, the product of the
    /// radii of curvature in the meridian and in the prime vertical.
    pub fn area_element_m2(&self, latitude_rad: f64) -> f64 {
        let (sin, cos) = latitude_rad.sin_cos();
        let w2 = 1.0 - self.e2() * sin * sin;
        self.b_m() * self.b_m() * cos / (w2 * w2)
    }

    /// Metres of ellipsoid per radian of longitude and per radian of latitude: N·cos B, the radius of the parallel,
    /// and M, the radius of curvature in the meridian.
    pub fn radii_m(&self, latitude_rad: f64) -> (f64, f64) {
        let (sin, cos) = latitude_rad.sin_cos();
        let w2 = 1.0 - self.e2() * sin * sin;
        (self.a_m / w2.sqrt() * cos, self.a_m * (1.0 - self.e2()) / (w2 * w2.sqrt()))
    }

    /// Area in square metres of the strip between two latitudes over a difference of longitude, by the series
    /// of the national land survey for 图斑椭球面积 (国土调查办发〔2008〕32号). Signed with both differences.
    /// It ends with e⁸: what it leaves out is below 1e-11 of the area as far north as 53 degrees.
    pub fn strip_m2(&self, south_rad: f64, north_rad: f64, longitudes_rad: f64) -> f64 {
        let e2 = self.e2();
        let (e4, e6, e8) = (e2 * e2, e2 * e2 * e2, e2 * e2 * e2 * e2);
        let terms = [
            1.0 + 3.0 / 6.0 * e2 + 30.0 / 80.0 * e4 + 35.0 / 112.0 * e6 + 630.0 / 2304.0 * e8,
            1.0 / 6.0 * e2 + 15.0 / 80.0 * e4 + 21.0 / 112.0 * e6 + 420.0 / 2304.0 * e8,
            3.0 / 80.0 * e4 + 7.0 / 112.0 * e6 + 180.0 / 2304.0 * e8,
            1.0 / 112.0 * e6 + 45.0 / 2304.0 * e8,
            5.0 / 2304.0 * e8,
        ];
        let (half, middle) = ((north_rad - south_rad) / 2.0, (north_rad + south_rad) / 2.0);
        let series: f64 = (terms.iter().zip([1.0, 3.0, 5.0, 7.0, 9.0]).zip([1.0, -1.0, 1.0, -1.0, 1.0]))
            .map(|((term, order), sign)| sign * term * (order * half).sin() * (order * middle).cos())
            .sum();
        2.0 * self.b_m() * self.b_m() * longitudes_rad * series
    }
}
