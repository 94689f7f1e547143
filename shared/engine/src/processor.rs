//! The widest instructions that this processor has, for loops that the compiler vectorises by itself.

#[cfg(target_arch = "x86_64")]
use fearless_simd::{Level, Simd as _, x86::Avx2};

/// Found once; asking again is a call to the processor.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Processor {
    #[cfg(target_arch = "x86_64")]
    avx2: Option<Avx2>,
}

impl Processor {
    pub(crate) fn new() -> Self {
        Self {
            #[cfg(target_arch = "x86_64")]
            avx2: Level::new().as_avx2(),
        }
    }

    /// Runs what is inlined into `work` with AVX2; elsewhere with NEON or SSE2, for which everything is compiled.
    pub(crate) fn run(self, work: impl FnOnce()) {
        #[cfg(target_arch = "x86_64")]
        if let Some(avx2) = self.avx2 {
            return avx2.vectorize(work);
        }
        work();
    }
}
