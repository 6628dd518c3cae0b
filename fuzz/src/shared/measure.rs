//! What a reader may take: memory and time. Its user declares the allocator:
//!
//! ```ignore
//! #[global_allocator]
//! static ALLOCATOR: measure::Counting = measure::Counting;
//! ```

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// Bytes that a reader may hold at once, above four times its file.
const SPARE: usize = 64 << 20;
const TIMES: usize = 4;
/// A second for each of these, and one for less.
const MEGABYTE: usize = 1 << 20;
/// What is built for finding faults, with coverage, checks and without much optimisation, takes so many times as long as the engine.
const SLOWER: f64 = 4.0;

static LIVE: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);
/// What nobody may reach; above it the program ends at once, before the machine runs out of memory.
static LIMIT: AtomicUsize = AtomicUsize::new(usize::MAX);
/// One reader is measured at a time, whatever the threads of a test program do.
static ALONE: Mutex<()> = Mutex::new(());

/// The system's allocator, counted.
pub struct Counting;

impl Counting {
    fn more(&self, bytes: usize) {
        let live = LIVE.fetch_add(bytes, Relaxed) + bytes;
        PEAK.fetch_max(live, Relaxed);
        let limit = LIMIT.load(Relaxed);
        if live > limit {
            LIMIT.store(usize::MAX, Relaxed);
            eprintln!("a reader holds {live} bytes, above the {limit} of its file: {bytes} asked for at once");
            std::process::abort();
        }
    }
}

// SAFETY: the system's allocator does the work; what is added allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        self.more(layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        self.more(layout.size());
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        self.more(size.saturating_sub(layout.size()));
        LIVE.fetch_sub(layout.size().saturating_sub(size), Relaxed);
        unsafe { System.realloc(pointer, layout, size) }
    }
}

/// Time that this thread has computed, where the system tells it: another program's work is nobody's fault.
fn computed() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(text.split(' ').next()?.parse().ok()?))
}

/// What a reader took, for whoever looks at a find.
#[allow(dead_code)]
#[derive(Debug, Clone, Copy)]
pub struct Taken {
    pub bytes: usize,
    pub time: Duration,
}

/// Runs a reader, which reads a file of this length so many times; panics where it takes longer than it may, ends the program where it
/// takes more memory.
pub fn within(length: usize, times: u32, reader: impl FnOnce()) -> Taken {
    let alone = ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let before = LIVE.load(Relaxed);
    PEAK.store(before, Relaxed);
    LIMIT.store(before + TIMES * length + SPARE, Relaxed);
    let (began, worked) = (Instant::now(), computed());
    reader();
    let time = match (worked, computed()) {
        (Some(from), Some(to)) => to - from,
        _ => began.elapsed(),
    };
    LIMIT.store(usize::MAX, Relaxed);
    drop(alone);
    let seconds = (length as f64 / MEGABYTE as f64).max(1.0) * SLOWER * f64::from(times);
    let allowed = Duration::from_secs_f64(seconds);
    assert!(time <= allowed, "{time:?} for {length} bytes");
    Taken { bytes: PEAK.load(Relaxed).saturating_sub(before), time }
}
