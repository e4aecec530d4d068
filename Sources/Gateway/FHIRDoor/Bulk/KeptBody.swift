internal import Coordinator

/// The body of a request as a file: its pieces were kept before the import was acknowledged.
actor KeptBody: BulkFile {
    /// How long to wait before a piece that cannot be read now is read again.
    private static let pause: Duration = .milliseconds(300)
    private static let attempts = 100

    private let job: ImportJob
    private let registry: any Registering
    private var piece = 0

    init(_ job: ImportJob, _ registry: any Registering) {
        self.job = job
        self.registry = registry
    }

    func next() async throws(BulkSourceFault) -> [UInt8]? {
        guard piece < job.bodyPieces else { return nil }
        for _ in 0..<Self.attempts {
            do throws(RegistryError) {
                guard let bytes = try await registry.note(ImportJob.body(job.id, piece)) else {
                    throw RegistryError.corrupt("a piece of the body is gone")
                }
                piece += 1
                return bytes
            } catch {
                guard case .unavailable = error else { throw BulkSourceFault("the body of the request is not kept") }
                try? await Task.sleep(for: Self.pause)
            }
        }
        throw BulkSourceFault("the body of the request cannot be read now")
    }

    func close() {}
}
