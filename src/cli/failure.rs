//! What ends a command without a result, told to the person.

use thiserror::Error;

use crate::analysis::analyze::AnalysisError;
use crate::cli::batch::BatchError;
use crate::cli::zonal_refused::ZonalError;
use crate::indicators::IndicatorError;
use crate::layers::LayerError;
use crate::layers::raster::error::RasterError;
use crate::layers::table::TableError;
use crate::measure::MeasureError;
use crate::outputs::map::MapError;
use crate::outputs::partial_file::refused::Refused;
use crate::outputs::sample_files::SampleFilesError;
use crate::outputs::vector_file::VectorFileError;
use crate::project::ProjectError;
use crate::project::filter::FilterError;
use crate::words;
use crate::words::{Explain, Lang, Words, foreign};

/// Why a command ended without a result.
#[derive(Debug, Error)]
pub enum Failure {
    /// Something that explains itself.
    #[error("{0}")]
    Told(Box<dyn Explain + Send + Sync>),
    /// The person stopped it.
    #[error("interrupted")]
    Interrupted,
    /// An output could not be written.
    #[error("{path}: cannot be written: {cause}")]
    Write {
        /// Where to.
        path: String,
        /// Why not.
        cause: String,
    },
    /// A file that is not a layer could not be read.
    #[error("{path}: cannot be read: {cause}")]
    Read {
        /// Where from.
        path: String,
        /// Why not.
        cause: String,
    },
    /// A file is there that would be written over.
    #[error("{path}: is there already and differs")]
    Exists {
        /// Which.
        path: String,
    },
    /// Nobody reads what is printed any more.
    #[error("closed pipe")]
    ClosedPipe,
}

impl Failure {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Told(error) => error.parts().first().map_or(error.code(), |part| part.code()),
            Self::Interrupted => "interrupted",
            Self::Write { .. } => "cannot-write",
            Self::Read { .. } => "cannot-read",
            Self::Exists { .. } => "exists",
            Self::ClosedPipe => "closed-pipe",
        }
    }

    /// Tells the person and gives the exit code.
    pub fn told(&self, lang: Lang) -> u8 {
        let code = self.code();
        match self {
            Self::ClosedPipe => return 0,
            Self::Told(error) => match error.parts() {
                parts if parts.is_empty() => explain(error.as_ref(), lang),
                parts => parts.into_iter().for_each(|part| explain(part, lang)),
            },
            Self::Interrupted => {
                say(code, &words!("interrupted; nothing was written", "已中断；未写出任何文件"), None, lang);
            }
            Self::Read { path, cause } => say(
                code,
                &Words::new(
                    format!("{path}: cannot be read: {cause}"),
                    format!("{path}：无法读取：{}", foreign(cause)),
                ),
                Some(words!("check the path and the rights", "请检查路径与权限")),
                lang,
            ),
            Self::Exists { path } => say(
                code,
                &words!(
                    "{path} is there already and differs from what would be written",
                    "{path} 已存在，且内容与将要写入的不同"
                ),
                Some(words!(
                    "choose another folder, or write over it with --force",
                    "请换一个文件夹，或加 --force 覆盖"
                )),
                lang,
            ),
            Self::Write { path, cause } => say(
                code,
                &Words::new(
                    format!("{path}: cannot be written: {cause}"),
                    format!("{path}：无法写入：{}", foreign(cause)),
                ),
                Some(words!(
                    "check the folder, its rights and the free space",
                    "请检查文件夹、权限与磁盘空间"
                )),
                lang,
            ),
        }
        if matches!(self, Self::Interrupted) { 130 } else { 2 }
    }
}

fn explain(error: &dyn Explain, lang: Lang) {
    say(error.code(), &error.sentence(), error.cure(), lang);
}

fn say(code: &str, sentence: &Words, cure: Option<Words>, lang: Lang) {
    let (label, arrow) = match lang {
        Lang::En => ("error", "  cure: "),
        Lang::Zh => ("错误", "  办法："),
    };
    eprintln!("{label}[{code}] {}", sentence.say(lang));
    if let Some(cure) = cure {
        eprintln!("{arrow}{}", cure.say(lang));
    }
}

impl<E: Explain + Send + Sync + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Told(Box::new(error))
    }
}

impl From<MeasureError> for Failure {
    fn from(error: MeasureError) -> Self {
        match error {
            MeasureError::Interrupted => Self::Interrupted,
            MeasureError::TooManyClasses { raster, most, apart } => {
                ZonalError::TooManyClasses { raster, most, apart }.into()
            }
            MeasureError::TooManyValues { raster, most } => ZonalError::TooManyValues { raster, most }.into(),
            MeasureError::Misfit => Self::Told(Box::new(Unexplained(error.to_string()))),
            MeasureError::Source(fault) => match fault.downcast::<LayerError>() {
                Ok(error) => Self::Told(error),
                Err(fault) => match fault.downcast::<RasterError>() {
                    Ok(error) => Self::Told(error),
                    Err(fault) => Self::Told(Box::new(Unexplained(fault.to_string()))),
                },
            },
        }
    }
}

impl From<AnalysisError> for Failure {
    fn from(error: AnalysisError) -> Self {
        match error {
            AnalysisError::Measure(error) => error.into(),
            AnalysisError::Indicator(error) => error.into(),
        }
    }
}

/// An error that came without an explanation of its own.
#[derive(Debug, Error)]
#[error("{0}")]
struct Unexplained(String);

impl Explain for Unexplained {
    fn code(&self) -> &'static str {
        "unexplained"
    }

    fn sentence(&self) -> Words {
        Words::new(&self.0, format!("无法完成：{}", foreign(&self.0)))
    }

    fn cure(&self) -> Option<Words> {
        Some(words!(
            "run it once more with -v; if it happens again, report it with the project file and what was printed",
            "请加 -v 重新运行；若再次出现，请附项目文件和输出内容反馈"
        ))
    }
}

/// Errors that tell their code, Chinese sentence and cure by methods of their own.
macro_rules! explained {
    ($($error:ty),* $(,)?) => {$(
        impl Explain for $error {
            fn code(&self) -> &'static str {
                <$error>::code(self)
            }

            fn sentence(&self) -> Words {
                Words::new(self.to_string(), self.zh())
            }

            fn cure(&self) -> Option<Words> {
                <$error>::cure(self)
            }
        }
    )*};
}

explained!(
    FilterError,
    IndicatorError,
    TableError,
    MapError,
    SampleFilesError,
    VectorFileError,
    Refused,
    BatchError
);

impl Explain for ProjectError {
    fn code(&self) -> &'static str {
        ProjectError::code(self)
    }

    fn sentence(&self) -> Words {
        Words::new(self.to_string(), self.zh())
    }

    fn cure(&self) -> Option<Words> {
        ProjectError::cure(self)
    }

    fn parts(&self) -> Vec<&dyn Explain> {
        match self {
            ProjectError::Several(errors) => errors.iter().map(|error| error as &dyn Explain).collect(),
            _ => Vec::new(),
        }
    }
}
