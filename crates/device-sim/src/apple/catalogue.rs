//! The behaviours that the simulator claims, in our own words, each with where it is stated.
