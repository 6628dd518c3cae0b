//! A batch in four shards of fixed bounds, shared by any number of replicas of a network (data parallelism; Goyal et al. 2017, "Accurate,
//! large minibatch SGD", section 3). Whatever is summed over a batch is summed shard by shard and then in one fixed order, so that one
//! replica, two or four learn the same to the last bit. What happens to each picture alone is nobody else's business.

use std::cell::RefCell;
use std::ops::{Add, Range};
use std::rc::Rc;

/// Of a batch. Replicas are at most as many.
pub const SHARDS: usize = 4;

/// Fills every member's place in a row of equal places; the own one is filled before.
pub type Gather = Rc<dyn Fn(&mut [u8])>;

/// This replica's place among several.
struct Seat {
    index: usize,
    members: usize,
    gather: Option<Gather>,
    /// Pictures in the batch that is shared now; 0 while nothing is.
    batch: usize,
}

thread_local! {
    static SEAT: RefCell<Seat> = const { RefCell::new(Seat { index: 0, members: 1, gather: None, batch: 0 }) };
}

/// Takes a place among 1, 2 or 4 replicas of this thread's networks, all of which do the same steps.
pub fn join(index: usize, members: usize, gather: Gather) {
    assert!(SHARDS.is_multiple_of(members) && index < members, "member {index} of {members}");
    SEAT.with_borrow_mut(|seat| *seat = Seat { index, members, gather: Some(gather), batch: 0 });
}

/// Goes on alone.
pub fn leave() {
    SEAT.with_borrow_mut(|seat| *seat = Seat { index: 0, members: 1, gather: None, batch: 0 });
}

/// While `f` runs, a batch of so many is this replica's in part.
pub fn sharing<T>(batch: usize, f: impl FnOnce() -> T) -> T {
    SEAT.with_borrow_mut(|seat| seat.batch = batch);
    let made = f();
    SEAT.with_borrow_mut(|seat| seat.batch = 0);
    made
}

/// Where the shards of a batch begin and end.
fn bound(batch: usize, shard: usize) -> usize {
    batch * shard / SHARDS
}

/// The shards of one of several members.
fn shards_of(index: usize, members: usize) -> Range<usize> {
    let each = SHARDS / members;
    index * each..(index + 1) * each
}

/// One member's rows of a batch.
fn rows_of(index: usize, members: usize, batch: usize) -> Range<usize> {
    let shards = shards_of(index, members);
    bound(batch, shards.start)..bound(batch, shards.end)
}

/// Which of a batch are this replica's: all, where one trains alone.
pub fn own(batch: usize) -> Range<usize> {
    SEAT.with_borrow(|seat| rows_of(seat.index, seat.members, batch))
}

/// The own rows' shards, where each member of the batch has as many rows as any other; one of all, where nothing is shared.
pub fn parts(rows: usize) -> Vec<Range<usize>> {
    SEAT.with_borrow(|seat| {
        if seat.batch == 0 {
            return std::iter::once(0..rows).collect();
        }
        let own = rows_of(seat.index, seat.members, seat.batch);
        let local = |shard| (bound(seat.batch, shard) - own.start) * (rows / own.len());
        let parts = shards_of(seat.index, seat.members).map(|shard| local(shard)..local(shard + 1));
        parts.filter(|part| !part.is_empty()).collect()
    })
}

/// The own shards, of which none is empty; one, where nothing is shared.
pub fn count() -> usize {
    let batch = SEAT.with_borrow(|seat| seat.batch);
    parts(own(batch).len()).len()
}

/// Whether a batch is shared now, be it among one.
pub fn active() -> bool {
    SEAT.with_borrow(|seat| seat.batch > 0)
}

/// How many rows all replicas have together, where this one has so many.
pub fn rows_of_all(rows: usize) -> usize {
    match SEAT.with_borrow(|seat| seat.batch) {
        0 => rows,
        batch => rows / own(batch).len() * batch,
    }
}

/// Plain numbers, which can be told as bytes.
pub trait Plain: Copy + Default + Add<Output = Self> + 'static {}
impl Plain for f32 {}
impl Plain for f64 {}

fn bytes<T: Plain>(numbers: &mut [T]) -> &mut [u8] {
    // SAFETY: the numbers are plain, without padding, and any bytes are some of them.
    unsafe { std::slice::from_raw_parts_mut(numbers.as_mut_ptr().cast(), std::mem::size_of_val(numbers)) }
}

/// Every member's numbers one after another, as many each.
fn everybody<T: Plain>(own: &[T]) -> Vec<T> {
    let (index, members, batch, gather) =
        SEAT.with_borrow(|seat| (seat.index, seat.members, seat.batch, seat.gather.clone()));
    let Some(gather) = gather.filter(|_| batch > 0 && members > 1) else { return own.to_vec() };
    let mut all = vec![T::default(); own.len() * members];
    all[index * own.len()..][..own.len()].copy_from_slice(own);
    // Others may be given up while one waits for them: the seat is free for that.
    gather(bytes(&mut all));
    all
}

/// All shards' numbers in their order, from the own ones.
pub fn all<T: Plain>(parts: &[Vec<T>]) -> Vec<Vec<T>> {
    let length = parts[0].len();
    everybody(&parts.concat()).chunks_exact(length.max(1)).map(<[T]>::to_vec).collect()
}

/// The sum over all shards, two by two: `(0 + 1) + (2 + 3)`.
pub fn total<T: Plain>(parts: Vec<Vec<T>>) -> Vec<T> {
    let own = pairwise(parts);
    let length = own.len();
    pairwise(everybody(&own).chunks_exact(length.max(1)).map(<[T]>::to_vec).collect())
}

fn pairwise<T: Plain>(mut parts: Vec<Vec<T>>) -> Vec<T> {
    while parts.len() > 1 {
        let mut sums = Vec::with_capacity(parts.len().div_ceil(2));
        let mut rest = parts.into_iter();
        while let Some(mut sum) = rest.next() {
            if let Some(next) = rest.next() {
                sum.iter_mut().zip(next).for_each(|(sum, next)| *sum = *sum + next);
            }
            sums.push(sum);
        }
        parts = sums;
    }
    parts.pop().unwrap_or_default()
}

/// The own rows of a batch, of as many numbers each.
pub fn mine<T: Clone>(values: Vec<T>, batch: usize) -> Vec<T> {
    let rows = own(batch);
    if rows.len() == batch {
        return values;
    }
    let each = values.len() / batch;
    values[rows.start * each..rows.end * each].to_vec()
}

/// Everybody's rows of the batch in their order, from the own ones.
pub fn whole<T: Plain>(own: &[T]) -> Vec<T> {
    let (members, batch) = SEAT.with_borrow(|seat| (seat.members, seat.batch));
    if batch == 0 || members == 1 {
        return own.to_vec();
    }
    let counts: Vec<usize> = (0..members).map(|index| rows_of(index, members, batch).len()).collect();
    let each = own.len() / self::own(batch).len();
    // Places are equally long: whoever has fewer rows fills up.
    let place = each * counts.iter().max().expect("a member at least");
    let mut padded = own.to_vec();
    padded.resize(place, T::default());
    let all = everybody(&padded);
    all.chunks_exact(place).zip(counts).flat_map(|(place, count)| &place[..count * each]).copied().collect()
}
