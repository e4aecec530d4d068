public import Logging

/// Chooses, once for a process, how its loggers write.
public enum LogBootstrap {
    /// Makes every `Logger(label:)` from now on write plain lines; the label is the component.
    ///
    /// Called once, by the program's `main`; a second call traps.
    public static func start(level: Logger.Level, sink: LogSink = .standardError) {
        LoggingSystem.bootstrap { PlainLogHandler(component: $0, level: level, sink: sink) }
    }

    /// Reads a level as a user writes it.
    ///
    /// One of `trace`, `debug`, `info`, `notice`, `warning` (or `warn`), `error`, `critical`.
    ///
    /// - Returns: `nil` for any other word.
    public static func level(named name: String) -> Logger.Level? {
        let name = name.lowercased()
        return name == "warn" ? .warning : Logger.Level(rawValue: name)
    }
}
