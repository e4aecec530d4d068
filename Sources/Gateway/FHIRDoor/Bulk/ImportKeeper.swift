public import Coordinator
internal import Entrance
internal import Logging

/// Goes on with the import of a coordinator that fell, or was started again, while this node leads.
///
///     await gateway.importKeeper(clock: clock).run()
public struct ImportKeeper: Sendable {
    /// How often it is looked whether the import under way shows signs of life.
    private static let interval: Duration = .seconds(1)

    let services: DoorCall.Services
    let clock: any CoordinatorClock
    private let logger = Logger(label: "import")

    init(services: DoorCall.Services, clock: any CoordinatorClock) {
        self.services = services
        self.clock = clock
    }

    /// The last sign of life that was seen, and when it was seen first: clocks of coordinators may differ.
    struct Sign: Equatable {
        var id: String
        var updated: UInt64
        var runner: UInt64
        var seen: UInt64
    }

    /// Looks after imports until the task is cancelled.
    public func run() async {
        var sign: Sign?
        while !Task.isCancelled {
            // While the registry cannot be asked nothing is known about anybody's life.
            do throws(RegistryError) { sign = try await look(sign) } catch { sign = nil }
            await clock.sleep(Self.interval)
        }
    }

    /// Looks once; takes the import up where it has shown no life for long enough.
    func look(_ last: Sign?) async throws(RegistryError) -> Sign? {
        guard let named = try await services.registry.note(ImportJob.running) else { return nil }
        let id = String(decoding: named, as: UTF8.self)
        guard !services.imports.isRunning(id) else { return nil }
        guard let note = try await services.registry.note(ImportJob.name(id)),
            let job = ImportJob(id, decoding: note), job.state == .running || job.state == .receiving
        else {
            // It ended, or was called off, and its runner fell before it could say so.
            try await services.registry.note(ImportJob.running, nil)
            return nil
        }
        let now = clock.milliseconds()
        guard let last, last.id == id, last.updated == job.updated, last.runner == job.runner else {
            return Sign(id: id, updated: job.updated, runner: job.runner, seen: now)
        }
        guard now >= last.seen + ImportJob.patience else { return last }
        if job.state == .running {
            try await takeUp(job)
        } else {
            // Whoever received it fell before it could promise anything.
            try await services.registry.note(ImportJob.running, nil)
            for name in [ImportJob.name(id)] + job.notes { try await services.registry.note(name, nil) }
        }
        return nil
    }

    private func takeUp(_ job: ImportJob) async throws(RegistryError) {
        guard services.imports.begin(job.id) else { return }
        var job = job
        job.runner = UInt64.random(in: 1...UInt64.max)
        job.updated = services.time()
        do throws(RegistryError) {
            try await services.registry.note(ImportJob.name(job.id), job.encoded())
        } catch {
            services.imports.end(job.id)
            throw error
        }
        guard let grant = services.entrance.grant(ofClient: job.client) else {
            // Nobody may go on in the name of a client that is not known any more.
            job.state = .cancelled
            try? await services.registry.note(ImportJob.name(job.id), job.encoded())
            try? await services.registry.note(ImportJob.running, nil)
            services.imports.end(job.id)
            return
        }
        logger.notice("an import is taken up", metadata: ["import": "\(job.id)", "input": "\(job.current)"])
        let run = ImportRun(job, services: services, registry: ImportStart.registry(grant, nil, services))
        Task { await run.run() }
    }
}

extension Gateway {
    /// What goes on with imports whose coordinator fell.
    public func importKeeper(clock: any CoordinatorClock) -> ImportKeeper {
        ImportKeeper(services: services, clock: clock)
    }
}
