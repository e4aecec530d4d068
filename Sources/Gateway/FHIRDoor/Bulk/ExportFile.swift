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

    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let job = try await ExportJob(call.path[0], call)
        guard let number = Int(call.path[1]), let range = job.range(of: number) else {
            throw .notFound("the export has no such file")
        }
        var options = try SearchOptions([], call.limits)
        options.elements = job.elements
        let filter = ElementFilter(options)
        var lines: [UInt8] = []
        var after = range.lowerBound == 0 ? nil : RecordID(range.lowerBound - 1)
        let batch = call.limits.searchBatch
        repeat {
            let place = after
            let page = try await call.ask { (registry) async throws(RegistryError) in
                try await registry.records(after: place, limit: batch)
            }
            for record in page.records where range.contains(record.id.rawValue) {
                if let since = job.since, Int64(clamping: record.updated) < since { continue }
                let patient = try PatientAnswer.bytes(record, call.configuration)
                // A source may have sent line ends within its JSON: outside of strings they mean nothing.
                lines.append(
                    contentsOf: (try filter?.applied(to: patient) ?? patient).filter { $0 != 0x0A && $0 != 0x0D }
                )
                lines.append(0x0A)
            }
            after = page.next.flatMap { range.contains($0.rawValue) ? $0 : nil }
        } while after != nil
        return .content(MediaType.fhirNDJSON, lines)
    }
}
