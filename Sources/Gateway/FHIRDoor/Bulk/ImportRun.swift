internal import Coordinator
internal import Entrance
internal import FHIR
internal import JSON

/// Carries an import out, input by input, and keeps what went wrong.
actor ImportRun {
    /// How often the note is written while the import runs, in milliseconds.
    private static let saveInterval: UInt64 = 1_000

    private let services: DoorCall.Services
    private let registry: any Registering
    private var job: ImportJob
    private var current = 0
    /// Lines of the answer that are not whole yet.
    private var rest: [UInt8] = []
    private var errors: [UInt8] = []
    private var errorCount = 0

    init(_ job: ImportJob, services: DoorCall.Services, registry: any Registering) {
        self.job = job
        self.services = services
        self.registry = registry
    }

    /// Carries out every input; the first has a body already where nothing was to be fetched.
    func run(body: [UInt8]?) async {
        for index in job.inputs.indices {
            guard services.imports.isRunning(job.id) else { break }
            current = index
            if let body {
                await carry(BodyFile(body))
            } else if let source = services.bulk {
                do throws(BulkSourceFault) {
                    let file = try await source.fetch(job.inputs[index].url)
                    await carry(file)
                    await file.close()
                } catch {
                    await add(line: 0, code: "not-found", field: "", message: error.reason)
                }
            }
            await flush()
        }
        job.state = services.imports.isRunning(job.id) ? .done : .cancelled
        await save(isLast: true)
        services.imports.end(job.id)
    }

    private func carry(_ file: any BulkFile) async {
        let desk = services.imports
        let id = job.id
        let pipeline = LoadPipeline<Never>(
            registry: registry,
            configuration: services.configuration,
            metrics: services.metrics,
            input: { desk.isRunning(id) ? await file.next() : nil },
            output: { bytes in await self.take(bytes) }
        )
        await pipeline.run()
    }

    /// Reads results as they come.
    private func take(_ bytes: [UInt8]) async {
        rest.append(contentsOf: bytes)
        while let end = rest.firstIndex(of: 0x0A) {
            let line = Array(rest[..<end])
            rest.removeSubrange(...end)
            await read(line)
        }
        if services.time() >= job.updated + Self.saveInterval { await save(isLast: false) }
    }

    private func read(_ line: [UInt8]) async {
        guard let value = try? JSONValue(parsing: line.span.bytes) else { return }
        if let error = value["error"] {
            await add(
                line: value["line"]?.integer ?? 0,
                code: error["code"]?.string ?? "processing",
                field: error["field"]?.string ?? "",
                message: error["message"]?.string ?? ""
            )
        } else if value["held"]?.boolean == true {
            job.inputs[current].held += 1
        } else {
            job.inputs[current].stored += 1
        }
    }

    private func add(line: Int, code: String, field: String, message: String) async {
        job.inputs[current].failed += 1
        guard job.inputs[current].errorFiles < ImportJob.errorFileLimit else { return }
        let place = line > 0 ? "line \(line): " : ""
        let outcome = OperationOutcome(
            .error,
            IssueCode(rawValue: code) ?? .processing,
            message,
            diagnostics: place + message,
            expression: field.isEmpty ? [] : [field]
        )
        errors += outcome.encoded() + [0x0A]
        errorCount += 1
        if errorCount >= ImportJob.errorsOfFile { await flush() }
    }

    /// Keeps the errors so far as a file.
    private func flush() async {
        guard errorCount > 0 else { return }
        let name = ImportJob.errors(job.id, current, job.inputs[current].errorFiles)
        let bytes = errors
        errors = []
        errorCount = 0
        // Without a place for its errors an import would tell that all is well: it goes on only once they are kept.
        while (try? await services.registry.note(name, bytes)) == nil, services.imports.isRunning(job.id) {
            try? await Task.sleep(for: .milliseconds(200))
        }
        job.inputs[current].errorFiles += 1
    }

    private func save(isLast: Bool) async {
        job.updated = services.time()
        let (name, note) = (ImportJob.name(job.id), job.encoded())
        repeat {
            if (try? await services.registry.note(name, note)) != nil { return }
            if isLast { try? await Task.sleep(for: .milliseconds(200)) }
        } while isLast && services.imports.isRunning(job.id)
    }
}

/// The body of a request as a file.
private actor BodyFile: BulkFile {
    private var body: [UInt8]?

    init(_ body: [UInt8]) { self.body = body }

    func next() -> [UInt8]? {
        defer { body = nil }
        return body
    }

    func close() { body = nil }
}
