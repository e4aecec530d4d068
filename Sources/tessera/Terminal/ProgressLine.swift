/// Shows how long work goes on: one line that changes on a terminal, a plain line every few seconds in a log.
struct ProgressLine: Sendable {
    /// Between two looks at a terminal, and between two lines of a log.
    static let watchedInterval: Duration = .milliseconds(500)
    static let logInterval: Duration = .seconds(5)

    /// Whether anything is shown.
    let isQuiet: Bool

    /// Shows lines until the task is cancelled.
    func run(_ line: () -> String) async {
        guard !isQuiet else { return }
        let isWatched = Terminal.isWatched
        while true {
            do {
                try await Task.sleep(for: isWatched ? Self.watchedInterval : Self.logInterval)
            } catch {
                break
            }
            let text = line()
            guard !text.isEmpty else { continue }
            if isWatched { Terminal.replaceLine(text) } else { Terminal.note(text) }
        }
        if isWatched { Terminal.replaceLine("") }
    }
}
