internal import Glibc
internal import Locks

/// Where log lines go: one whole line a call, never mixed with another one.
public struct LogSink: Sendable {
    private let take: @Sendable ([UInt8]) -> Void

    /// Hands each line, its line feed included, to a function that may be called from any thread.
    public init(_ take: @escaping @Sendable ([UInt8]) -> Void) { self.take = take }

    /// Writes to a file descriptor that stays open; a line that cannot be written is lost, never waited for twice.
    public static func descriptor(_ descriptor: Int32) -> LogSink {
        let lock = Mutex(())
        return LogSink { line in
            lock.withLock { _ in
                var rest = line[...]
                while !rest.isEmpty {
                    let written = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
                    if written < 0, errno == EINTR { continue }
                    guard written > 0 else { return }
                    rest = rest.dropFirst(written)
                }
            }
        }
    }

    /// Standard error.
    public static let standardError = LogSink.descriptor(STDERR_FILENO)

    /// Writes a line.
    func put(line: String) { take(Array((line + "\n").utf8)) }
}
