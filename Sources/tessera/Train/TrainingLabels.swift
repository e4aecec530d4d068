internal import BatchLinkage
internal import RecordFiles

/// What is known of some records before training: a file of persons, as `tessera link` writes it.
enum TrainingLabels {
    static let help = "Persons of some records, a CSV with record_id and golden_id (or person_id, entity_id)."

    /// Teaches what a file says; nothing where none is given.
    static func teach(_ run: inout TrainingRun, from path: String?) throws(CommandFailure) {
        guard let path else { return }
        do {
            let labels = try LabelledRecords.links(path: path)
            run.teach(zip(labels.recordIDs, labels.labels).map { (recordID: $0, label: $1) })
        } catch {
            throw LoadReader.failure(error, path)
        }
    }
}
