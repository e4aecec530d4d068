import Transport

/// Changes as they happen; ends with the first error, after which the next watch goes on where this one ended.
public struct EtcdWatch: Sendable {
    private let stream: HTTPClientStream
    private let ended: @Sendable () -> Void
    private var frames = GRPCFrame()

    init(_ stream: HTTPClientStream, ended: @escaping @Sendable () -> Void) {
        self.stream = stream
        self.ended = ended
    }

    /// The next changes; waits for them.
    ///
    /// - Throws: `EtcdError`; `.compacted` where the revision asked for is no longer known.
    public mutating func next() async throws(EtcdError) -> EtcdEvents {
        while true {
            while let message = try frames.next() {
                let events = try EtcdEvents(message[...])
                if let end = events.end { throw end }
                if !events.isCreation { return events }
            }
            let bytes: [UInt8]?
            do throws(TransportError) {
                bytes = try await stream.body.next()
            } catch {
                ended()
                throw .unreachable(error)
            }
            guard let bytes else {
                ended()
                try EtcdClient.check(status: 200, ["grpc-status": "14"], stream.body.trailers)
                throw .refused(.unavailable, "the member ended the watch")
            }
            frames.append(bytes)
        }
    }
}
