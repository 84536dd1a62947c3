//! Pseudo-random bytes, the same on every platform.

/// The bytes of the case with this number under a seed.
pub(crate) fn bytes(seed: u64, number: u64, length: usize) -> Vec<u8> {
    let mut state = mixed(seed ^ mixed(number));
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state = state.wrapping_add(STEP);
        bytes.extend_from_slice(&mixed(state).to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}

const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// The output function of SplitMix64.
fn mixed(number: u64) -> u64 {
    let number = number.wrapping_add(STEP);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}
