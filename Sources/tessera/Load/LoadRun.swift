internal import NIOPosix
internal import RecordFiles
internal import Transport

/// A load as a whole: one reader, many lanes, one tally.
struct LoadRun: Sendable {
    /// Batches that wait for each lane: enough to keep it busy while the reader serves the others.
    private static let batchesWaiting = 2

    let url: ServerURL
    let endpoint: Endpoint
    let paths: [String]
    let options: RecordFileOptions
    let connections: Int
    let settings: LaneSettings
    let tally: LoadTally
    let notice: @Sendable (String) -> Void

    /// Loads everything.
    ///
    /// - Throws: a failure where a file cannot be read or the registry takes nothing.
    func run() async throws(CommandFailure) {
        var clients: [HTTPClient] = []
        var lanes: [LoadLane] = []
        for _ in 0..<connections {
            let client = try makeClient()
            let queue = BatchQueue(capacity: Self.batchesWaiting)
            clients.append(client)
            lanes.append(LoadLane(url: url, client: client, queue: queue, settings: settings, tally: tally))
        }
        let reader = LoadReader(
            paths: paths,
            options: options,
            queues: lanes.map(\.queue),
            tally: tally,
            notice: notice
        )
        let failure = await carryOut(reader, lanes)
        for client in clients { await client.close() }
        if let failure = failure ?? tally.failure { throw failure }
    }

    private func makeClient() throws(CommandFailure) -> HTTPClient {
        var configuration = HTTPClientConfiguration()
        // A server that comes back is found again at once.
        configuration.maxReconnectDelay = .milliseconds(500)
        do {
            return try HTTPClient(
                endpoint: endpoint,
                configuration: configuration,
                group: MultiThreadedEventLoopGroup.singleton
            )
        } catch {
            throw RegistryClient.failure(url, error)
        }
    }

    /// Runs reader and lanes side by side; the first lane that fails ends the others.
    private func carryOut(_ reader: LoadReader, _ lanes: [LoadLane]) async -> CommandFailure? {
        await withTaskGroup(of: (isFatal: Bool, failure: CommandFailure?).self) { group in
            group.addTask {
                let failure = await reader.run()
                return (false, failure)
            }
            for lane in lanes {
                group.addTask {
                    do throws(CommandFailure) {
                        try await lane.run()
                        return (true, nil)
                    } catch {
                        return (true, error)
                    }
                }
            }
            var first: CommandFailure?
            for await result in group {
                guard let failure = result.failure else { continue }
                if first == nil { first = failure }
                if result.isFatal { group.cancelAll() }
            }
            return first
        }
    }
}
