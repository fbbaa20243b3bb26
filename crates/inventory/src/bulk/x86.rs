//! The vector instructions of x86-64: AVX-512, with the one that packs chosen bytes together
//! (VBMI2), and AVX2.
//!
//! This is the only `unsafe` code of the workspace. It is here because it pays: the places of the
//! delimiters of a block come from three instructions instead of four for each place, which
//! `benches/record/2026-11-23-speed.md` measures, and no crate offers that one instruction. What is
//! unsafe is to call code that is compiled for instructions, and to load from and store to memory.

use std::arch::x86_64::{
    __m128i, __m256i, __m512i, _bzhi_u64, _mm_clmulepi64_si128, _mm_cvtsi128_si64, _mm_set_epi64x,
    _mm_set1_epi8, _mm256_cmpeq_epi8, _mm256_loadu_si256, _mm256_min_epu8, _mm256_movemask_epi8,
    _mm256_set1_epi8, _mm512_add_epi32, _mm512_add_epi64, _mm512_castsi512_si128,
    _mm512_cmpeq_epi8_mask, _mm512_cmple_epu8_mask, _mm512_cvtepu8_epi32,
    _mm512_extracti32x4_epi32, _mm512_loadu_si512, _mm512_maskz_compress_epi8,
    _mm512_maskz_mov_epi8, _mm512_movepi8_mask, _mm512_mul_epu32, _mm512_or_si512,
    _mm512_reduce_add_epi64, _mm512_set1_epi8, _mm512_set1_epi32, _mm512_setzero_si512,
    _mm512_srli_epi64, _mm512_storeu_si512, _mm512_test_epi64_mask, _mm512_xor_si512,
};

use super::fixed_width::Head;
use super::simd::{JsonMasks, LAST_CONTROL, Masks, Portable, Simd, WithSimd};
use super::text_table::{self, AT_ONCE, KEYS};

/// Proof that this processor has the instructions: there is no other way to get one than
/// [`new`](Self::new).
#[derive(Clone, Copy)]
pub(super) struct Avx512(());

impl Avx512 {
    /// `None` if this processor has not all of the instructions.
    #[inline(always)]
    pub(super) fn new() -> Option<Self> {
        let has_all = is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512vbmi2")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2")
            && is_x86_feature_detected!("lzcnt")
            && is_x86_feature_detected!("pclmulqdq")
            && is_x86_feature_detected!("popcnt");
        has_all.then_some(Self(()))
    }
}

impl Simd for Avx512 {
    type Ends = [__m512i; 2];

    #[inline(always)]
    fn ends(self, buffer: &[u8], start: usize, end: usize, both: bool) -> [__m512i; 2] {
        // SAFETY: `self` proves that the instructions exist.
        unsafe { ends(buffer, start, end, both) }
    }

    #[inline(always)]
    fn sum(self, ends: &[__m512i; 2], both: bool) -> u64 {
        // SAFETY: `self` proves that the instructions exist.
        unsafe { sum(*ends, both) }
    }

    #[inline(always)]
    fn same(self, ends: &[__m512i; 2], known: &text_table::Ends, both: bool) -> bool {
        // SAFETY: `self` proves that the instructions exist.
        unsafe { same(*ends, known, both) }
    }

    #[inline(always)]
    fn masks(self, block: &[u8; 64], delimiter: u8) -> Masks {
        // SAFETY: `self` proves that the instructions exist.
        unsafe { masks(block, delimiter) }
    }

    #[inline(always)]
    fn json(self, block: &[u8; 64]) -> JsonMasks {
        // SAFETY: `self` proves that the instructions exist.
        unsafe { json(block) }
    }

    #[inline(always)]
    fn running_parity(self, bits: u64) -> u64 {
        // SAFETY: `self` proves that the instructions exist.
        unsafe { running_parity(bits) }
    }

    #[inline(always)]
    fn equal(self, one: &[u8; 64], other: &[u8; 64]) -> u64 {
        // SAFETY: `self` proves that the instructions exist.
        unsafe { equal(one, other) }
    }

    #[inline(always)]
    fn write(self, places: &mut [u32], at: usize, masks: u64, base: u32) -> usize {
        // SAFETY: `self` proves that the instructions exist.
        unsafe { write(places, at, masks, base) }
    }

    fn run<W: WithSimd>(self, work: W) -> W::Output {
        // SAFETY: `self` proves that the instructions exist.
        unsafe { vectorized(self, work) }
    }
}

#[target_feature(
    enable = "avx2,avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi2,bmi1,bmi2,lzcnt,pclmulqdq,popcnt"
)]
fn vectorized<W: WithSimd>(avx512: Avx512, work: W) -> W::Output {
    work.with(avx512)
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn masks(block: &[u8; 64], delimiter: u8) -> Masks {
    let bytes = vector(block);
    let equal = |byte: u8| _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(byte.cast_signed()));
    Masks {
        delimiters: equal(delimiter),
        feeds: equal(b'\n'),
        returns: equal(b'\r'),
        quotes: equal(b'"'),
    }
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn json(block: &[u8; 64]) -> JsonMasks {
    let bytes = vector(block);
    let all = |byte: u8| _mm512_set1_epi8(byte.cast_signed());
    JsonMasks {
        quotes: _mm512_cmpeq_epi8_mask(bytes, all(b'"')),
        backslashes: _mm512_cmpeq_epi8_mask(bytes, all(b'\\')),
        controls: _mm512_cmple_epu8_mask(bytes, all(LAST_CONTROL)),
        beyond_ascii: _mm512_movepi8_mask(bytes),
    }
}

/// Multiplies without carries: each bit of the product is the sum of the bits up to it.
#[inline]
#[target_feature(enable = "pclmulqdq")]
fn running_parity(bits: u64) -> u64 {
    let bits = _mm_set_epi64x(0, bits.cast_signed());
    _mm_cvtsi128_si64(_mm_clmulepi64_si128::<0>(bits, _mm_set1_epi8(-1))).cast_unsigned()
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn equal(one: &[u8; 64], other: &[u8; 64]) -> u64 {
    _mm512_cmpeq_epi8_mask(vector(one), vector(other))
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw,bmi2")]
fn ends(buffer: &[u8], start: usize, end: usize, both: bool) -> [__m512i; 2] {
    let length = end - start;
    // As many bits as there are bytes, up to all of them.
    let first = _bzhi_u64(u64::MAX, u32::try_from(length.min(AT_ONCE)).unwrap_or(64));
    let mut ends = [_mm512_maskz_mov_epi8(first, vector(block(buffer, start))); 2];
    ends[1] = _mm512_setzero_si512();
    if both {
        let last = 0_u64.wrapping_sub(u64::from(length > AT_ONCE));
        ends[1] = _mm512_maskz_mov_epi8(last, vector(block(buffer, end - AT_ONCE)));
    }
    ends
}

#[inline(always)]
fn block(buffer: &[u8], at: usize) -> &[u8; 64] {
    buffer[at..at + 64].first_chunk().expect("the slice has 64 bytes")
}

#[inline]
#[target_feature(enable = "avx512f")]
fn sum(ends: [__m512i; 2], both: bool) -> u64 {
    let sum = |words: __m512i, keys: &Head| {
        let disturbed = _mm512_xor_si512(words, vector_of(keys));
        let product = _mm512_mul_epu32(disturbed, _mm512_srli_epi64::<32>(disturbed));
        _mm512_add_epi64(product, words)
    };
    let mut all = sum(ends[0], &KEYS[0]);
    if both {
        all = _mm512_add_epi64(all, sum(ends[1], &KEYS[1]));
    }
    _mm512_reduce_add_epi64(all).cast_unsigned()
}

#[inline]
#[target_feature(enable = "avx512f")]
fn same(ends: [__m512i; 2], known: &text_table::Ends, both: bool) -> bool {
    let mut differ = _mm512_xor_si512(ends[0], vector_of(&known[0]));
    if both {
        differ = _mm512_or_si512(differ, _mm512_xor_si512(ends[1], vector_of(&known[1])));
    }
    _mm512_test_epi64_mask(differ, differ) == 0
}

/// The bytes of a block, each being its own place.
const PLACES: [u8; 64] = {
    let mut places = [0; 64];
    let mut at = 0;
    while at < 64 {
        places[at as usize] = at;
        at += 1;
    }
    places
};

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vbmi2,popcnt")]
fn write(places: &mut [u32], at: usize, masks: u64, base: u32) -> usize {
    let count = masks.count_ones() as usize;
    let packed = _mm512_maskz_compress_epi8(masks, vector(&PLACES));
    let room = &mut places[at..at + 64];
    store(room, 0, _mm512_castsi512_si128(packed), base);
    if count > 16 {
        store(room, 1, _mm512_extracti32x4_epi32::<1>(packed), base);
        store(room, 2, _mm512_extracti32x4_epi32::<2>(packed), base);
        store(room, 3, _mm512_extracti32x4_epi32::<3>(packed), base);
    }
    at + count
}

/// Stores sixteen places from `base` on as the given sixteen of `room`.
#[inline]
#[target_feature(enable = "avx512f")]
fn store(room: &mut [u32], sixteen: usize, places: __m128i, base: u32) {
    let sixteen: &mut [u32] = &mut room[16 * sixteen..16 * (sixteen + 1)];
    let places = _mm512_cvtepu8_epi32(places);
    let places = _mm512_add_epi32(places, _mm512_set1_epi32(base.cast_signed()));
    // SAFETY: the slice is sixteen numbers of four bytes long, and need not be aligned.
    unsafe { _mm512_storeu_si512(sixteen.as_mut_ptr().cast(), places) }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn vector(bytes: &[u8; 64]) -> __m512i {
    // SAFETY: the array is 64 bytes long, and need not be aligned.
    unsafe { _mm512_loadu_si512(bytes.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn vector_of(words: &Head) -> __m512i {
    // SAFETY: the array is 64 bytes long, and need not be aligned.
    unsafe { _mm512_loadu_si512(words.as_ptr().cast()) }
}

/// Proof that this processor has AVX2, as [`Avx512`] is for its instructions.
#[derive(Clone, Copy)]
pub(super) struct Avx2(());

impl Avx2 {
    /// `None` if this processor has not all of the instructions.
    #[inline(always)]
    pub(super) fn new() -> Option<Self> {
        let has_all = is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2")
            && is_x86_feature_detected!("fma")
            && is_x86_feature_detected!("lzcnt")
            && is_x86_feature_detected!("popcnt");
        has_all.then_some(Self(()))
    }
}

/// The ends of texts come from the steps for every processor, compiled for these instructions.
impl Simd for Avx2 {
    type Ends = text_table::Ends;

    #[inline(always)]
    fn ends(self, buffer: &[u8], start: usize, end: usize, both: bool) -> text_table::Ends {
        Portable.ends(buffer, start, end, both)
    }

    #[inline(always)]
    fn sum(self, ends: &text_table::Ends, both: bool) -> u64 {
        Portable.sum(ends, both)
    }

    #[inline(always)]
    fn same(self, ends: &text_table::Ends, known: &text_table::Ends, both: bool) -> bool {
        Portable.same(ends, known, both)
    }

    #[inline(always)]
    fn masks(self, block: &[u8; 64], delimiter: u8) -> Masks {
        // SAFETY: `self` proves that the instructions exist.
        unsafe { masks_of_halves(block, delimiter) }
    }

    #[inline(always)]
    fn json(self, block: &[u8; 64]) -> JsonMasks {
        // SAFETY: `self` proves that the instructions exist.
        unsafe { json_of_halves(block) }
    }

    #[inline(always)]
    fn equal(self, one: &[u8; 64], other: &[u8; 64]) -> u64 {
        // SAFETY: `self` proves that the instructions exist.
        unsafe { equal_halves(one, other) }
    }

    fn run<W: WithSimd>(self, work: W) -> W::Output {
        // SAFETY: `self` proves that the instructions exist.
        unsafe { with_avx2(self, work) }
    }
}

#[target_feature(enable = "avx2,bmi1,bmi2,fma,lzcnt,popcnt")]
fn with_avx2<W: WithSimd>(avx2: Avx2, work: W) -> W::Output {
    work.with(avx2)
}

#[inline]
#[target_feature(enable = "avx2")]
fn masks_of_halves(block: &[u8; 64], delimiter: u8) -> Masks {
    let [low, high] = halves(block);
    let equal = |byte: u8| {
        let byte = _mm256_set1_epi8(byte.cast_signed());
        bits(_mm256_cmpeq_epi8(low, byte), _mm256_cmpeq_epi8(high, byte))
    };
    Masks {
        delimiters: equal(delimiter),
        feeds: equal(b'\n'),
        returns: equal(b'\r'),
        quotes: equal(b'"'),
    }
}

#[inline]
#[target_feature(enable = "avx2")]
fn json_of_halves(block: &[u8; 64]) -> JsonMasks {
    let [low, high] = halves(block);
    let all = |byte: u8| _mm256_set1_epi8(byte.cast_signed());
    let equal =
        |byte: u8| bits(_mm256_cmpeq_epi8(low, all(byte)), _mm256_cmpeq_epi8(high, all(byte)));
    let control = |half: __m256i| _mm256_cmpeq_epi8(_mm256_min_epu8(half, all(LAST_CONTROL)), half);
    JsonMasks {
        quotes: equal(b'"'),
        backslashes: equal(b'\\'),
        controls: bits(control(low), control(high)),
        beyond_ascii: bits(low, high),
    }
}

#[inline]
#[target_feature(enable = "avx2")]
fn equal_halves(one: &[u8; 64], other: &[u8; 64]) -> u64 {
    let ([low, high], [other_low, other_high]) = (halves(one), halves(other));
    bits(_mm256_cmpeq_epi8(low, other_low), _mm256_cmpeq_epi8(high, other_high))
}

/// Returns the highest bit of each byte.
#[inline]
#[target_feature(enable = "avx2")]
fn bits(low: __m256i, high: __m256i) -> u64 {
    let [low, high] = [_mm256_movemask_epi8(low), _mm256_movemask_epi8(high)];
    u64::from(low.cast_unsigned()) | u64::from(high.cast_unsigned()) << 32
}

#[inline]
#[target_feature(enable = "avx2")]
fn halves(bytes: &[u8; 64]) -> [__m256i; 2] {
    let (low, high) = bytes.split_at(32);
    // SAFETY: each half is 32 bytes long, and need not be aligned.
    unsafe { [_mm256_loadu_si256(low.as_ptr().cast()), _mm256_loadu_si256(high.as_ptr().cast())] }
}
