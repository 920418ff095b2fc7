//! Threads (线程): a pool is made for a piece of work and gone with it. Nothing runs on a pool of the whole process.

/// Runs `work` on a pool of so many threads, made for it and gone with it. The figures do not depend on it.
pub fn on_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    let builder = rayon::ThreadPoolBuilder::new;
    let pool = builder().num_threads(threads.max(1)).build();
    // Where no thread can be started, this one does it all.
    match pool.or_else(|_| builder().num_threads(1).use_current_thread().build()) {
        Ok(pool) => pool.install(work),
        // This thread belongs to a pool already.
        Err(_) => work(),
    }
}

/// Runs `work` on the pool that the caller is on; where it is on none, on one thread, never on threads that the whole
/// process shares.
pub fn on_the_callers_threads<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    match rayon::current_thread_index() {
        Some(_) => work(),
        None => on_threads(1, work),
    }
}
