//! GDAL is loaded when it is first called (延迟加载). It brings more than a hundred libraries, and to link them takes
//! longer than to prepare the towns of a county; most runs read nothing that needs it. A program that was built with
//! GDAL also runs where GDAL is missing, until a file needs it.
//!
//! # Method
//! Every function of GDAL that the program calls is defined here as a door: a jump to where a slot says. Slots are
//! filled when the first door is tried, with the functions' own addresses in the library. The linker, who finds all
//! functions here, leaves the library off the list of those that start with the program; a function that is missing
//! below would put it there again, which a test looks for (`tests/it/readers.rs`). This is done where it was tried, on
//! Linux on x86-64; elsewhere GDAL starts with the program.

/// Loads GDAL unless it is there; the cause why that cannot be.
#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
pub(super) fn load() -> Result<(), String> {
    Ok(())
}

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
pub(super) use doors::load;

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod doors {
    use std::arch::naked_asm;
    use std::error::Error;
    use std::ffi::c_void;
    use std::ptr;
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicPtr, Ordering};

    use libloading::os::unix::{Library, RTLD_LAZY, RTLD_LOCAL};

    /// The library as the program was built for it (`build.rs`).
    const LIBRARY: &str = env!("SENCHENG_LIBGDAL");

    /// Where doors lead; nowhere before the library is there.
    static SLOTS: [AtomicPtr<c_void>; NAMES.len()] = [const { AtomicPtr::new(ptr::null_mut()) }; NAMES.len()];

    /// Loads GDAL unless it is there; the cause why that cannot be.
    pub(in crate::layers::through_gdal) fn load() -> Result<(), String> {
        static LOADED: OnceLock<Result<(), String>> = OnceLock::new();
        let cause = |e: libloading::Error| e.source().map_or_else(|| e.to_string(), ToString::to_string);
        LOADED.get_or_init(|| fill().map_err(cause)).clone()
    }

    fn fill() -> Result<(), libloading::Error> {
        // SAFETY: the library's own start and end are those of a program that is linked to it; it is never closed.
        let library = unsafe { Library::open(Some(LIBRARY), RTLD_LAZY | RTLD_LOCAL)? };
        for (name, slot) in NAMES.iter().zip(&SLOTS) {
            // SAFETY: what is found is jumped to by callers that know the function's type from GDAL's headers.
            let found = unsafe { library.get::<*mut c_void>(name.as_bytes())? };
            slot.store(found.into_raw().cast(), Ordering::Release);
        }
        std::mem::forget(library);
        Ok(())
    }

    /// For a door that was tried before [`load`] was called: where GDAL cannot be loaded, all doors then lead to [`nowhere`].
    extern "C" fn load_first() {
        if let Err(cause) = load() {
            tracing::error!(cause, "GDAL cannot be loaded");
            let nowhere = nowhere as *const () as *mut c_void;
            SLOTS.iter().for_each(|slot| slot.store(nowhere, Ordering::Release));
        }
    }

    /// Stops the program.
    #[unsafe(naked)]
    extern "C" fn nowhere() {
        naked_asm!("ud2")
    }

    /// Calls [`load_first`] and keeps what a caller of a door has put into registers for the function behind it.
    #[unsafe(naked)]
    extern "C" fn first() {
        naked_asm!(
            "push rbp",
            "mov rbp, rsp",
            // Six words, a word for how many vectors a variadic call has, and eight of those, as they may hold numbers;
            // and a word more, so that the stack stands at a multiple of sixteen, as a call wants it.
            "sub rsp, 200",
            "mov [rsp], rdi",
            "mov [rsp + 8], rsi",
            "mov [rsp + 16], rdx",
            "mov [rsp + 24], rcx",
            "mov [rsp + 32], r8",
            "mov [rsp + 40], r9",
            "mov [rsp + 48], rax",
            "movups [rsp + 64], xmm0",
            "movups [rsp + 80], xmm1",
            "movups [rsp + 96], xmm2",
            "movups [rsp + 112], xmm3",
            "movups [rsp + 128], xmm4",
            "movups [rsp + 144], xmm5",
            "movups [rsp + 160], xmm6",
            "movups [rsp + 176], xmm7",
            "call {load}",
            "mov rdi, [rsp]",
            "mov rsi, [rsp + 8]",
            "mov rdx, [rsp + 16]",
            "mov rcx, [rsp + 24]",
            "mov r8, [rsp + 32]",
            "mov r9, [rsp + 40]",
            "mov rax, [rsp + 48]",
            "movups xmm0, [rsp + 64]",
            "movups xmm1, [rsp + 80]",
            "movups xmm2, [rsp + 96]",
            "movups xmm3, [rsp + 112]",
            "movups xmm4, [rsp + 128]",
            "movups xmm5, [rsp + 144]",
            "movups xmm6, [rsp + 160]",
            "movups xmm7, [rsp + 176]",
            "leave",
            "ret",
            load = sym load_first,
        )
    }

    macro_rules! doors {
        ($($name:ident)*) => {
            /// The number of each door.
            #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
            enum Door { $($name),* }

            const NAMES: &[&str] = &[$(stringify!($name)),*];

            $(
                #[allow(non_snake_case)]
                #[unsafe(naked)]
                #[unsafe(no_mangle)]
                extern "C" fn $name() {
                    naked_asm!(
                        "mov r11, [rip + {slots} + {slot}]",
                        "test r11, r11",
                        "jnz 2f",
                        "call {first}",
                        "mov r11, [rip + {slots} + {slot}]",
                        "2: jmp r11",
                        slots = sym SLOTS,
                        slot = const size_of::<usize>() * Door::$name as usize,
                        first = sym first,
                    )
                }
            )*
        };
    }

    doors! {
        CPLErrorReset CPLGetErrorHandlerUserData CPLGetLastErrorMsg CPLGetLastErrorNo CPLGetLastErrorType
        CPLSetConfigOption CPLSetErrorHandlerEx GDALAllRegister GDALClose GDALDatasetGetLayer
        GDALDatasetGetLayerCount GDALGetBlockSize GDALGetColorInterpretationName GDALGetDataTypeName
        GDALGetDescription GDALGetGeoTransform GDALGetMaskBand GDALGetMaskFlags GDALGetMetadataItem
        GDALGetRasterBand GDALGetRasterBandXSize GDALGetRasterBandYSize GDALGetRasterColorInterpretation
        GDALGetRasterCount GDALGetRasterDataType GDALGetRasterNoDataValue GDALGetRasterNoDataValueAsInt64
        GDALGetRasterNoDataValueAsUInt64 GDALGetRasterOffset GDALGetRasterScale GDALGetSpatialRef
        GDALOpenEx GDALRasterIOEx OCTDestroyCoordinateTransformation OCTNewCoordinateTransformation
        OCTTransform OGRGeometryTypeToName OGR_FD_GetFieldCount OGR_FD_GetFieldDefn OGR_FD_GetGeomType
        OGR_F_Destroy OGR_F_GetFID OGR_F_GetFieldAsDouble OGR_F_GetFieldAsInteger64 OGR_F_GetFieldAsString
        OGR_F_GetFieldDefnRef OGR_F_GetGeometryRef OGR_F_IsFieldSetAndNotNull OGR_Fld_GetNameRef
        OGR_Fld_GetType OGR_GT_Flatten OGR_G_DestroyGeometry OGR_G_GetGeometryCount OGR_G_GetGeometryRef
        OGR_G_GetGeometryType OGR_G_GetLinearGeometry OGR_G_GetPointCount OGR_G_GetPoints OGR_G_GetX
        OGR_G_GetY OGR_G_HasCurveGeometry OGR_G_IsEmpty OGR_L_GetExtent OGR_L_GetFeatureCount
        OGR_L_GetLayerDefn OGR_L_GetName OGR_L_GetNextFeature OGR_L_GetSpatialRef OGR_L_ResetReading
        OSRClone OSRCloneGeogCS OSRExportToProj4 OSRExportToWkt OSRFindMatches OSRFreeSRSArray
        OSRGetAttrValue OSRGetAuthorityCode OSRGetAuthorityName OSRGetLinearUnits OSRGetName OSRGetProjParm
        OSRGetSemiMajor OSRGetSemiMinor OSRImportFromEPSG OSRImportFromESRI OSRImportFromProj4
        OSRIsGeographic OSRIsProjected OSRIsSame OSRNewSpatialReference OSRRelease
        OSRSetAxisMappingStrategy OSRSetFromUserInput OSRSetLAEA OSRSetProjCS VSIFree
    }
}
