import Glibc

/// Wall time and the processor time of all threads of this process, both since it was started.
struct Stopwatch {
    private let wall = Stopwatch.nanoseconds(CLOCK_MONOTONIC)
    private let processor = Stopwatch.nanoseconds(CLOCK_PROCESS_CPUTIME_ID)

    /// What has passed, in nanoseconds.
    var elapsed: (wall: Int, processor: Int) {
        (Stopwatch.nanoseconds(CLOCK_MONOTONIC) - wall, Stopwatch.nanoseconds(CLOCK_PROCESS_CPUTIME_ID) - processor)
    }

    private static func nanoseconds(_ clock: clockid_t) -> Int {
        var time = timespec()
        clock_gettime(clock, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
}
