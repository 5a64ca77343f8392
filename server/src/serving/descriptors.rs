/// The highest default, whatever the limit on file descriptors.
const MAX_CONNECTIONS: usize = 10_000;
/// What every system allows a process, in case the limit cannot be read (POSIX has 20; Linux and macOS start at 256 or
/// more).
const FALLBACK: u64 = 256;
/// Descriptors for everything else than connections of clients: log, files, DynamoDB, user pool, reserve (16); the listener of the
/// metrics with its connections (25), and the collector of traces.
const OTHER: usize = 80;

/// Raises the soft limit on file descriptors to the hard one, and returns the ceiling for connections: `configured`, or
/// half of the descriptors. The second value says whether `configured` is more than the limit allows, and was lowered.
pub fn connection_ceiling(configured: Option<usize>) -> (usize, bool) {
    let descriptors = rlimit::increase_nofile_limit(u64::MAX).unwrap_or(FALLBACK);
    ceiling(configured, usize::try_from(descriptors).unwrap_or(usize::MAX))
}

fn ceiling(configured: Option<usize>, descriptors: usize) -> (usize, bool) {
    let half = (descriptors / 2).max(1);
    let highest = descriptors.saturating_sub(OTHER).max(half);
    match configured {
        Some(connections) => (connections.min(highest), connections > highest),
        None => (half.min(MAX_CONNECTIONS), false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ceiling_leaves_descriptors_for_other_purposes() {
        for (configured, descriptors, expected) in [
            (None, 128, (64, false)),
            (None, 1_048_576, (10_000, false)),
            (Some(20_000), 1_048_576, (20_000, false)),
            (Some(200), 256, (176, true)),
            (Some(176), 256, (176, false)),
            (Some(100), 128, (64, true)),
            (Some(100), 20, (10, true)),
        ] {
            assert_eq!(ceiling(configured, descriptors), expected, "{configured:?} of {descriptors}");
        }
    }
}
