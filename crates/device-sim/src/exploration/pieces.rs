//! Work in pieces, on several threads, with the results in the order of the pieces.

use std::sync::{Mutex, PoisonError};
use std::thread;

/// Does the work for each piece and returns the results in the order of the pieces, whichever
/// thread did what.
pub(super) fn in_order<P: Send, R: Send>(
    pieces: impl ExactSizeIterator<Item = P> + Send,
    threads: usize,
    work: impl Fn(P) -> R + Sync,
) -> Vec<R> {
    let threads = threads.min(pieces.len());
    if threads < 2 {
        return pieces.map(work).collect();
    }
    let pieces = Mutex::new(pieces.enumerate());
    let next = || pieces.lock().unwrap_or_else(PoisonError::into_inner).next();
    let take_turns = || {
        let mut results = Vec::new();
        while let Some((number, piece)) = next() {
            results.push((number, work(piece)));
        }
        results
    };
    let mut results = thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(take_turns)).collect();
        let mut results = take_turns();
        for other in others {
            results.extend(other.join().expect("the work does not panic"));
        }
        results
    });
    results.sort_unstable_by_key(|(number, _)| *number);
    results.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::in_order;

    #[test]
    fn results_come_in_the_order_of_the_pieces_on_any_number_of_threads() {
        let items: Vec<usize> = (0..1000).collect();
        let expected: Vec<usize> = items.chunks(7).map(|piece| piece.iter().sum()).collect();
        for threads in [1, 2, 3, 500] {
            // The first pieces take longest, so that they are done last.
            let slowly = |piece: &[usize]| {
                (0..1000 - piece[0]).for_each(|_| std::thread::yield_now());
                piece.iter().sum::<usize>()
            };
            assert_eq!(in_order(items.chunks(7), threads, slowly), expected, "{threads} threads");
        }
        let nothing: [usize; 0] = [];
        assert_eq!(in_order(nothing.chunks(7), 2, <[usize]>::len), nothing);
    }
}
