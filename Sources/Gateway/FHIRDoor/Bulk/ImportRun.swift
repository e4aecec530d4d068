internal import Coordinator
internal import Entrance
internal import FHIR
internal import JSON

/// Carries an import out, input by input, and keeps what went wrong.
///
/// How far it is, is kept every second: whoever takes it up after a fall goes on there, and stores at most the lines of
/// that second again, which changes nothing.
actor ImportRun {
    /// How often the note is written while the import runs.
    private static let saveInterval: Duration = .seconds(1)
    /// How long to wait before what the registry could not take is handed in again.
    private static let pause: Duration = .milliseconds(300)

    private let services: DoorCall.Services
    private let registry: any Registering
    private var job: ImportJob
    /// Lines of the current input that were dealt with when this run began it.
    private var base = 0
    /// Errors that do not fill a file yet.
    private var errors: [UInt8] = []
    private var errorCount = 0
    private var isSaving = false

    init(_ job: ImportJob, services: DoorCall.Services, registry: any Registering) {
        self.job = job
        self.services = services
        self.registry = registry
    }

    /// Carries out every input from where the job is.
    func run() async {
        let beat = Task {
            while !Task.isCancelled {
                try? await Task.sleep(for: Self.saveInterval)
                if !Task.isCancelled { await self.save() }
            }
        }
        await refill()
        while job.current < job.inputs.count, isWanted {
            base = job.inputs[job.current].line
            await carry(job.inputs[job.current])
            guard isWanted else { break }
            await closeErrors()
            job.current += 1
            await save()
        }
        beat.cancel()
        // A save that is under way must not come after the last word.
        await beat.value
        await end()
    }

    /// Whether nobody has taken the job away.
    private var isWanted: Bool { services.imports.isRunning(job.id) }

    private func carry(_ input: ImportJob.Input) async {
        do throws(BulkSourceFault) {
            let file = try await source(input)
            let fault = await carry(SkippingFile(file, lines: base))
            await file.close()
            if let fault { await add(line: job.inputs[job.current].line, code: "incomplete", message: fault.reason) }
        } catch {
            await add(line: 0, code: "not-found", message: error.reason)
        }
    }

    private func source(_ input: ImportJob.Input) async throws(BulkSourceFault) -> any BulkFile {
        if input.url.isEmpty { return KeptBody(job, services.registry) }
        guard let source = services.bulk else { throw BulkSourceFault("this registry fetches no files") }
        return try await source.fetch(input.url)
    }

    /// Stores the lines of a file; why it broke off, where it did.
    private func carry(_ file: SkippingFile) async -> BulkSourceFault? {
        let (desk, id, registry) = (services.imports, job.id, registry)
        let pipeline = LoadPipeline<BulkSourceFault>(
            submit: { await Self.submit($0, registry) { desk.isRunning(id) } },
            configuration: services.configuration,
            metrics: services.metrics,
            input: { () async throws(BulkSourceFault) in desk.isRunning(id) ? try await file.next() : nil },
            output: { (bytes) async throws(BulkSourceFault) in await self.take(bytes) }
        )
        do throws(BulkSourceFault) {
            try await pipeline.run()
            return nil
        } catch {
            return error
        }
    }

    /// Stores a piece; what the registry cannot take now, while another node takes over, is handed in until it does.
    private static func submit(
        _ submissions: [Submission],
        _ registry: any Registering,
        while isWanted: () -> Bool
    ) async -> [SubmissionOutcome] {
        var outcomes = await registry.submit(submissions)
        while isWanted() {
            let open = outcomes.indices.filter { index in
                if case .unavailable = outcomes[index] { true } else { false }
            }
            guard !open.isEmpty else { break }
            try? await Task.sleep(for: pause)
            let again = await registry.submit(open.map { submissions[$0] })
            for (index, outcome) in zip(open, again) { outcomes[index] = outcome }
        }
        return outcomes
    }

    // MARK: Results

    /// Reads results: whole lines, in the order of the input.
    private func take(_ bytes: [UInt8]) async {
        // What was given up half way is not known to be stored: whoever goes on stores it.
        guard isWanted else { return }
        for line in bytes.split(separator: 0x0A) { await read(Array(line)) }
    }

    private func read(_ line: [UInt8]) async {
        guard let value = try? JSONValue(parsing: line.span.bytes) else { return }
        let number = base + (value["line"]?.integer ?? 0)
        if let error = value["error"] {
            await add(
                line: number,
                code: error["code"]?.string ?? "processing",
                field: error["field"]?.string ?? "",
                message: error["message"]?.string ?? ""
            )
        } else if value["held"]?.boolean == true {
            job.inputs[job.current].held += 1
        } else {
            job.inputs[job.current].stored += 1
        }
        job.inputs[job.current].line = number
    }

    private func add(line: Int, code: String, field: String = "", message: String) async {
        job.inputs[job.current].failed += 1
        guard job.inputs[job.current].errorFiles < ImportJob.errorFileLimit else { return }
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
        if errorCount >= ImportJob.errorsOfFile { await closeErrors() }
    }

    /// Ends the current file of errors.
    private func closeErrors() async {
        guard errorCount > 0 else { return }
        // Without a place for its errors an import would tell that all is well: it goes on only once they are kept.
        while await !keepErrors(), isWanted { try? await Task.sleep(for: Self.pause) }
        errors = []
        errorCount = 0
        job.inputs[job.current].errorFiles += 1
    }

    private func keepErrors() async -> Bool {
        guard errorCount > 0 else { return true }
        let name = ImportJob.errors(job.id, job.current, job.inputs[job.current].errorFiles)
        let bytes = errors
        return (try? await services.registry.note(name, bytes)) != nil
    }

    /// Takes up the errors that did not fill a file when the job was kept last.
    private func refill() async {
        guard job.current < job.inputs.count else { return }
        let input = job.inputs[job.current]
        let count = input.failed - input.errorFiles * ImportJob.errorsOfFile
        guard count > 0, count < ImportJob.errorsOfFile, input.errorFiles < ImportJob.errorFileLimit else { return }
        let name = ImportJob.errors(job.id, job.current, input.errorFiles)
        guard let kept = (try? await services.registry.note(name)) ?? nil else { return }
        let lines = kept.split(separator: 0x0A, omittingEmptySubsequences: true).prefix(count)
        errors = lines.flatMap { Array($0) + [0x0A] }
        errorCount = lines.count
    }

    // MARK: The note

    /// Keeps how far the job is, unless somebody else has it now or nobody wants it any more.
    private func save() async {
        guard !isSaving else { return }
        isSaving = true
        defer { isSaving = false }
        guard isWanted, await isOurs() else { return services.imports.end(job.id) }
        // What the note tells must be kept before it: between the two nothing else is taken.
        let snapshot = job
        guard await keepErrors() else { return }
        var kept = snapshot
        kept.updated = services.time()
        job.updated = kept.updated
        let (name, note) = (ImportJob.name(job.id), kept.encoded())
        _ = try? await services.registry.note(name, note)
    }

    /// Whether the job is still there and nobody else has taken it up; while nobody can be asked, it is.
    private func isOurs() async -> Bool {
        do {
            let note = try await services.registry.note(ImportJob.name(job.id))
            return note.flatMap { ImportJob(job.id, decoding: $0) }?.runner == job.runner
        } catch {
            return true
        }
    }

    private func end() async {
        defer { services.imports.end(job.id) }
        guard isWanted, await isOurs() else { return }
        job.state = .done
        job.updated = services.time()
        let (name, note) = (ImportJob.name(job.id), job.encoded())
        while (try? await services.registry.note(name, note)) == nil, isWanted {
            try? await Task.sleep(for: Self.pause)
        }
        for piece in 0..<job.bodyPieces { try? await services.registry.note(ImportJob.body(job.id, piece), nil) }
        try? await services.registry.note(ImportJob.running, nil)
    }
}
