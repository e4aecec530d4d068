internal import Foundation

/// What a person at a terminal, or the log of a service, gets to read beside the results.
enum Terminal {
    /// Whether standard error is looked at by a person.
    static var isWatched: Bool { isatty(STDERR_FILENO) == 1 }

    /// Writes a line to standard error.
    static func note(_ line: String) {
        emit(STDERR_FILENO, line + "\n")
    }

    /// Replaces the line at the cursor of a watched terminal.
    static func replaceLine(_ line: String) {
        emit(STDERR_FILENO, "\r\u{1B}[K" + line)
    }

    /// Writes a line to standard output.
    static func answer(_ line: String) {
        emit(STDOUT_FILENO, line + "\n")
    }

    /// Writes all of it; where nobody reads any more there is nobody to tell.
    private static func emit(_ descriptor: Int32, _ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withContiguousStorageIfAvailable { write(descriptor, $0.baseAddress, $0.count) } ?? -1
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
