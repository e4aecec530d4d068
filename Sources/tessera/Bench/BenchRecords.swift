internal import Demographics
internal import Identifiers
internal import LoadTest
internal import RecordFiles

/// The records that a load test sends and asks for.
enum BenchRecords: Sendable {
    /// Records of an invented population, how many of them, from the first on, the registry holds, and where new ones
    /// come from.
    case population(known: PopulationGenerator, loaded: Int, fresh: PopulationGenerator, freshFrom: Int)
    /// Records of a file, which the registry holds.
    case file([SourceRecord])

    /// Records of a file that are kept: beyond that many, asking for more of them shows nothing new.
    static let fileRecordsMax = 200_000

    /// Records as options name them.
    static func read(_ options: BenchOptions) throws -> BenchRecords {
        guard let path = options.file else {
            let known = options.people.population
            let loaded = min(options.loaded ?? known.count, known.count)
            guard loaded < known.count else {
                return .population(known: known, loaded: loaded, fresh: options.people.strangers, freshFrom: 0)
            }
            return .population(known: known, loaded: loaded, fresh: known, freshFrom: loaded)
        }
        var records: [SourceRecord] = []
        do {
            var reader = try RecordFileReader(path: path)
            while records.count < min(options.loaded ?? fileRecordsMax, fileRecordsMax), let item = try reader.next() {
                if case .record(_, let record, _) = item { records.append(record) }
            }
        } catch {
            throw LoadReader.failure(error, path)
        }
        guard !records.isEmpty else { throw CommandFailure("\(path) holds no records") }
        return .file(records)
    }

    /// A record that the registry holds, by chance.
    func known(_ random: inout SeededRandom) -> SourceRecord {
        switch self {
        case .population(let known, let loaded, _, _): known[random.below(loaded)].sourceRecord()
        case .file(let records): records[random.below(records.count)]
        }
    }

    /// A record that it does not hold, by number; `run` keeps the ids of one load test apart from those of another.
    func fresh(_ number: Int, run: String) -> SourceRecord {
        switch self {
        case .population(_, _, let fresh, let from):
            let record = fresh[from + number % (fresh.count - from)].sourceRecord()
            return from > 0 ? record : record.renamed("\(run)-\(record.key.value)")
        case .file(let records):
            let record = records[number % records.count]
            return record.renamed("\(run)-\(number)-\(record.key.value)")
        }
    }
}

extension SourceRecord {
    /// The same record under another id.
    fileprivate func renamed(_ value: String) -> SourceRecord {
        var record = self
        record.key = RecordKey(source: key.source, value: value)
        return record
    }
}
