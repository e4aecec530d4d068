public import Logging

/// Writes each event as one plain line: time, level, component, message, `key=value` pairs sorted by key.
///
///     2026-07-21T08:15:00.042Z INFO  coordinator leading epoch=3 shards=3
///
/// Values with spaces or quotes stand in quotes; control characters are escaped, so that a value cannot forge a line.
public struct PlainLogHandler: LogHandler {
    /// Longest text of one value, in bytes: a log line is read by people.
    static let valueLimit = 2_000

    /// What every event of this logger carries.
    public var metadata: Logger.Metadata = [:]
    /// The least severe level that is written.
    public var logLevel: Logger.Level
    /// Adds what the current task knows.
    public var metadataProvider: Logger.MetadataProvider?

    private let component: String
    private let sink: LogSink

    /// A handler for one component, such as `gateway`.
    public init(component: String, level: Logger.Level = .info, sink: LogSink = .standardError) {
        self.component = component
        self.logLevel = level
        self.sink = sink
    }

    /// Reads or sets one value that every event carries.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes an event.
    public func log(event: LogEvent) {
        sink.put(line: line(for: event, at: LogTime.now()))
    }

    /// The line of an event.
    func line(for event: LogEvent, at time: String) -> String {
        var pairs = metadata
        if let provided = metadataProvider?.get() { pairs.merge(provided) { $1 } }
        if let own = event.metadata { pairs.merge(own) { $1 } }
        if let error = event.error { pairs["error"] = "\(error)" }
        var line = "\(time) \(Self.name(event.level)) \(component) \(Self.clean("\(event.message)"))"
        for (key, value) in pairs.sorted(by: { $0.key < $1.key }) {
            line += " \(Self.clean(key))=\(Self.quoted("\(value)"))"
        }
        return line
    }

    private static func name(_ level: Logger.Level) -> String {
        let name = level.rawValue.uppercased()
        return name + String(repeating: " ", count: max(0, 5 - name.count))
    }

    private static func quoted(_ value: String) -> String {
        let needsQuotes = value.isEmpty || value.utf8.contains { $0 <= 0x20 || $0 == 0x22 || $0 == 0x3D || $0 == 0x7F }
        guard needsQuotes else { return clean(value) }
        return "\"" + clean(value).replacing("\"", with: "\\\"") + "\""
    }

    /// Cuts what is too long and escapes what could break a line or a terminal.
    private static func clean(_ text: String) -> String {
        let isLong = text.utf8.count > valueLimit
        guard isLong || text.unicodeScalars.contains(where: isControl) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            guard result.utf8.count < valueLimit else { return result + "…" }
            if isControl(scalar) {
                result += "\\u{" + String(scalar.value, radix: 16) + "}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar == "\u{2028}" || scalar == "\u{2029}"
    }
}
