/// An interval of a phase that was not cut short by the phase's end, all kinds together.
struct WholeInterval {
    /// When it began, in seconds from the beginning of the run.
    let start: Double
    /// How long it was.
    let seconds: Double
    /// What each kind did in it.
    let parts: [PhaseRecord.Interval]

    /// A number of all kinds a second.
    func rate(_ number: (PhaseRecord.Interval) -> Int) -> Double {
        Double(parts.reduce(0) { $0 + number($1) }) / seconds
    }
}

extension PhaseRecord {
    /// The intervals that tell a rate: those of which at least half lies within the phase.
    var wholeIntervals: [WholeInterval] {
        let end = start + seconds
        let parts = Dictionary(grouping: intervals, by: \.start)
        return parts.keys.sorted().compactMap { moment in
            let length = min(interval, end - moment)
            guard length > interval / 2 else { return nil }
            return WholeInterval(start: moment, seconds: length, parts: parts[moment] ?? [])
        }
    }
}
