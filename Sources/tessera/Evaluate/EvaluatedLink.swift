internal import BatchLinkage
internal import Charts
internal import Demographics
internal import Identifiers
internal import Matching
internal import RecordFiles

/// Files that are linked only to be scored, and the pictures of what their pairs weigh.
struct EvaluatedLink {
    private let run: LinkRun
    private let rules: RuleSet

    /// Reads and keys the files; a record that cannot be read ends the evaluation, since a part would mislead.
    init(files: [String], rules: RuleSet) async throws {
        self.rules = rules
        var run = LinkRun(rules: rules)
        for path in files { try await Self.read(path, into: &run) }
        self.run = run
    }

    /// The persons that the rules find, as the score reads them.
    func links() async throws -> LabelledRecords {
        LabelledRecords(try await result().links.map { ($0.key.value, $0.golden.description) })
    }

    /// The persons that the rules find, and what finding them took.
    func result() async throws -> LinkResult {
        do {
            return try await run.link()
        } catch {
            throw LinkCommand.failure(error)
        }
    }

    /// Draws the pairs.
    func draw(truth: LabelledRecords, into folder: String, isQuiet: Bool) async throws {
        let persons = Dictionary(zip(truth.recordIDs, truth.labels)) { first, _ in first }
        let survey: WeightSurvey
        do {
            survey = try await run.survey(persons)
        } catch {
            throw LinkCommand.failure(error)
        }
        let pairs = survey.trimmed
        let charts = LinkageCharts(
            start: pairs.start,
            width: WeightSurvey.width,
            matches: pairs.matches,
            others: pairs.others,
            missed: survey.missed,
            threshold: rules.matchThreshold.bits
        )
        try ChartFolder(folder).write([
            ("precision-recall", charts.precisionRecall.svg), ("thresholds", charts.thresholds.svg),
            ("weights", charts.weights.svg), ("weights-of-levels", RuleSetChart.levels(rules).svg),
        ])
        guard !isQuiet else { return }
        for (name, quality) in [("the rules' threshold", charts.chosen), ("the best threshold", charts.best)] {
            guard let quality else { continue }
            Terminal.note(
                "pairs at \(name), \(Quantity.decimal(quality.threshold, 1)) bits: "
                    + "precision \(Quantity.decimal(quality.precision, 4)), "
                    + "recall \(Quantity.decimal(quality.recall, 4)), F1 \(Quantity.decimal(quality.f1, 4))"
            )
        }
        Terminal.note("charts are in \(folder)")
    }

    private static func read(_ path: String, into run: inout LinkRun) async throws {
        var reader: RecordFileReader
        do {
            reader = try RecordFileReader(path: path, options: RecordFileOptions())
        } catch {
            throw LoadReader.failure(error, path)
        }
        var batch: [SourceRecord] = []
        while true {
            let item: RecordFileItem?
            do {
                item = try reader.next()
            } catch {
                throw LoadReader.failure(error, path)
            }
            switch item {
            case .record(_, let record, _): batch.append(record)
            case .reject(let line, _, let reason): throw CommandFailure("\(path), line \(line): \(reason)")
            case nil:
                do {
                    try await run.add(batch)
                } catch {
                    throw LinkCommand.failure(error)
                }
                return
            }
        }
    }
}
