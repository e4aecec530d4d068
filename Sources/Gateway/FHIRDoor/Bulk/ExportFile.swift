internal import Coordinator
internal import FHIR
internal import Identifiers

/// `GET $export-file/{id}/{number}`: one file of an export, a Patient a line.
enum ExportFile {
    static let route = Route(
        "fhir.export.file",
        .fhir,
        "GET",
        FHIRDoor.base + "/$export-file/{id}/{number}",
        access: .search("rs"),
        "Reads one file of an export.",
        answer: answer
    )

    static let removalsRoute = Route(
        "fhir.export.removals",
        .fhir,
        "GET",
        FHIRDoor.base + "/$export-removals/{id}/{number}",
        access: .search("rs"),
        "Reads one file of an export that lists removed Patients, a Bundle a line.",
        answer: answerRemovals
    )

    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let job = try await ExportJob(call.path[0], call)
        guard let number = Int(call.path[1]), let range = job.range(of: number) else {
            throw .notFound("the export has no such file")
        }
        var options = try SearchOptions([], call.limits)
        options.elements = job.elements
        let filter = ElementFilter(options)
        var lines: [UInt8] = []
        func write(_ found: StoredRecord) async throws(DoorFault) {
            guard let record = try await ExportMoment.version(found, at: job.end, call), !record.deleted else {
                return
            }
            if let since = job.since, Int64(clamping: record.updated) < since { return }
            let patient = try PatientAnswer.bytes(record, call.configuration)
            // A source may have sent line ends within its JSON: outside of strings they mean nothing.
            lines.append(contentsOf: (try filter?.applied(to: patient) ?? patient).filter { $0 != 0x0A && $0 != 0x0D })
            lines.append(0x0A)
        }
        // What was removed since is told as it was.
        for id in try await ExportMoment.removed(after: job.end, upTo: nil, call) where range.contains(id.rawValue) {
            let found = try await call.ask { (registry) async throws(RegistryError) in try await registry.record(id: id)
            }
            if let found, found.deleted { try await write(found) }
        }
        var after = range.lowerBound == 0 ? nil : RecordID(range.lowerBound - 1)
        let batch = call.limits.searchBatch
        repeat {
            let place = after
            let page = try await call.ask { (registry) async throws(RegistryError) in
                try await registry.records(after: place, limit: batch)
            }
            for record in page.records where range.contains(record.id.rawValue) { try await write(record) }
            after = page.next.flatMap { range.contains($0.rawValue) ? $0 : nil }
        } while after != nil
        return .content(MediaType.fhirNDJSON, lines)
    }

    private static func answerRemovals(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let job = try await ExportJob(call.path[0], call)
        guard let number = Int(call.path[1]), (0..<job.removals).contains(number) else {
            throw .notFound("the export has no such file")
        }
        var lines: [UInt8] = []
        for id in try await removed(number, of: job, call) {
            let entry = BundleRequest(method: .delete, url: "Patient/\(id)")
            var bundle = BundleWriter(type: .transaction)
            bundle.append(request: entry)
            lines += bundle.finished() + [0x0A]
        }
        return .content(MediaType.fhirNDJSON, lines)
    }

    /// The records of a file of removals: those that were removed since the moment asked for, and still were gone when
    /// the export was asked for.
    static func removed(_ number: Int, of job: ExportJob, _ call: DoorCall) async throws(DoorFault) -> [RecordID] {
        let start = job.start + UInt64(number) * ExportJob.writesOfFile
        let end = min(job.end, start + ExportJob.writesOfFile)
        var gone: [RecordID] = []
        for id in try await ExportMoment.removed(after: start, upTo: end, call) {
            let found = try await call.ask { (registry) async throws(RegistryError) in try await registry.record(id: id)
            }
            guard let found, let then = try await ExportMoment.version(found, at: job.end, call), then.deleted else {
                continue
            }
            gone.append(id)
        }
        return gone
    }
}
