//! Progress on stderr, silent when that is not a terminal; and the wish to stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::measure::{Stage, Watch};
use crate::words::Lang;

/// A progress line, and whether Ctrl-C or SIGTERM came.
pub struct Progress {
    bar: ProgressBar,
    lang: Lang,
    stop: Arc<AtomicBool>,
}

impl Progress {
    /// Begins to listen for Ctrl-C and SIGTERM.
    pub fn new(lang: Lang, quiet: bool) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let heard = Arc::clone(&stop);
        let _ = ctrlc::set_handler(move || heard.store(true, Ordering::Relaxed));
        let target = if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        Self { bar: ProgressBar::with_draw_target(None, target), lang, stop }
    }

    /// Takes the progress line away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Watch for Progress {
    fn stage(&self, stage: Stage, total: Option<u64>) {
        let label = match (stage, self.lang) {
            (Stage::Reading, Lang::En) => "reading features",
            (Stage::Reading, Lang::Zh) => "读取要素",
            (Stage::Measuring, Lang::En) => "measuring tiles",
            (Stage::Measuring, Lang::Zh) => "分块量算",
        };
        let known = total.is_some();
        let form = if known { "{msg} {wide_bar} {pos}/{len} {eta}" } else { "{msg} {spinner} {pos}" };
        if let Ok(style) = ProgressStyle::with_template(form) {
            self.bar.set_style(style);
        }
        self.bar.set_message(label);
        self.bar.set_position(0);
        match total {
            Some(total) => self.bar.set_length(total),
            None => self.bar.unset_length(),
        }
    }

    fn advance(&self, steps: u64) {
        self.bar.inc(steps);
    }

    fn interrupted(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}
