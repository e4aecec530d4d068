internal import Coordinator
internal import Dispatch
internal import Identifiers
internal import Locks

/// Writes a backup on a thread of its own: a disk that is slow holds up nobody else.
final class FileSink: BackupSink {
    private let queue = DispatchQueue(label: "tessera.backup", qos: .utility)
    private let writer: Mutex<BackupWriter>

    init(_ writer: sending BackupWriter) { self.writer = Mutex(writer) }

    func append(_ frame: BackupFrame) async throws(BackupFault) {
        try await perform { writer throws(BackupFault) in try writer.append(frame) }
    }

    func seal(_ cut: BackupCut) async throws(BackupFault) {
        try await perform { writer throws(BackupFault) in try writer.seal(cut) }
    }

    func extend(through: Sequence) async throws(BackupFault) {
        try await perform { writer throws(BackupFault) in try writer.extend(through: through) }
    }

    func close() async {
        try? await perform { writer in writer.close() }
    }

    private func perform(
        _ body: @escaping @Sendable (BackupWriter) throws(BackupFault) -> Void
    ) async throws(BackupFault) {
        let result = await withCheckedContinuation { continuation in
            queue.async {
                let result = self.writer.withLock { writer -> Result<Void, BackupFault> in
                    do throws(BackupFault) {
                        return .success(try body(writer))
                    } catch {
                        return .failure(error)
                    }
                }
                continuation.resume(returning: result)
            }
        }
        try result.get()
    }
}
