internal import Transport

/// Drives one `LaneCore`: its own connection, one stream after the other.
struct LoadLane: Sendable {
    /// Where loads go.
    static let path = "/api/v1/load"

    /// An event and the stream it belongs to; one of an earlier stream says nothing any more.
    private typealias Happening = (stream: Int, event: LaneCore.Event)

    let url: ServerURL
    let client: HTTPClient
    let queue: BatchQueue
    let settings: LaneSettings
    let tally: LoadTally

    /// Carries everything in the queue to the server.
    ///
    /// - Throws: why the load cannot go on.
    func run() async throws(CommandFailure) {
        let failure = await withTaskGroup(of: Happening.self) { group in
            let clock = ContinuousClock()
            var core = LaneCore(settings, url: url, now: clock.now)
            var state = Wire()
            var failure = carryOut(core.start(), &state, &group)
            while failure == nil, !state.isDone, !Task.isCancelled, let happening = await group.next() {
                if case .tick = happening.event { state.isTicking = false }
                guard happening.stream == state.number || happening.stream == Wire.always else { continue }
                failure = carryOut(core.handle(happening.event, now: clock.now), &state, &group)
            }
            state.stream?.cancel()
            group.cancelAll()
            return failure
        }
        if let failure { throw failure }
    }

    /// The stream that is open, and what waits on it.
    private struct Wire {
        /// Events of the reader belong to every stream.
        static let always = -1

        var stream: HTTPClientStream?
        var number = 0
        var isDone = false
        var isTicking = false
    }

    private func carryOut(
        _ effects: [LaneCore.Effect],
        _ wire: inout Wire,
        _ group: inout TaskGroup<Happening>
    ) -> CommandFailure? {
        for effect in effects {
            switch effect {
            case .read:
                group.addTask { [queue] in
                    let batch = await queue.next()
                    return (Wire.always, .batch(batch))
                }
            case .open:
                open(&wire, &group)
            case .write(let bytes):
                guard let stream = wire.stream else { break }
                group.addTask { [number = wire.number] in
                    do throws(TransportError) {
                        try await stream.write(bytes)
                        return (number, .written(isOpen: true))
                    } catch {
                        return (number, .written(isOpen: false))
                    }
                }
            case .finish: wire.stream?.finish()
            case .receive: receive(wire, &group)
            case .cancel:
                wire.stream?.cancel()
                wire.stream = nil
                wire.number += 1
            case .pause(let length):
                group.addTask { [number = wire.number] in
                    try? await Task.sleep(for: length)
                    return (number, .wake)
                }
            case .report(let report): tally.add(report)
            case .fail(let failure): return failure
            case .done: wire.isDone = true
            }
        }
        startTicking(&wire, &group)
        return nil
    }

    private func open(_ wire: inout Wire, _ group: inout TaskGroup<Happening>) {
        let headers: HTTPFields = ["content-type": "application/x-ndjson", "accept": "application/x-ndjson"]
        let stream = client.open(
            RegistryClient.shown(HTTPClientRequest(method: "POST", path: Self.path, headers: headers))
        )
        wire.stream = stream
        wire.number += 1
        group.addTask { [number = wire.number] in
            // The answer first, the pair after: built around the wait, the pair loses its number in optimised code.
            let head: Result<HTTPResponseHead, TransportError>
            do throws(TransportError) {
                head = .success(try await stream.response())
            } catch {
                head = .failure(error)
            }
            return (number, .head(head))
        }
    }

    private func receive(_ wire: Wire, _ group: inout TaskGroup<Happening>) {
        guard let stream = wire.stream else { return }
        group.addTask { [number = wire.number] in
            let chunk: Result<[UInt8]?, TransportError>
            do throws(TransportError) {
                chunk = .success(try await stream.body.next())
            } catch {
                chunk = .failure(error)
            }
            return (number, .chunk(chunk))
        }
    }

    private func startTicking(_ wire: inout Wire, _ group: inout TaskGroup<Happening>) {
        guard wire.stream != nil, !wire.isTicking else { return }
        wire.isTicking = true
        group.addTask {
            try? await Task.sleep(for: .seconds(1))
            return (Wire.always, .tick)
        }
    }
}
