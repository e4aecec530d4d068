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

    /// Records as a scenario names them.
    static func read(_ scenario: BenchScenario) throws -> BenchRecords {
        guard let path = scenario.file else {
            let known = scenario.population
            let loaded = min(scenario.growth?.sizes.last ?? scenario.loaded ?? known.count, known.count)
            guard loaded < known.count else {
                return .population(known: known, loaded: loaded, fresh: strangers(known), freshFrom: 0)
            }
            return .population(known: known, loaded: loaded, fresh: known, freshFrom: loaded)
        }
        var records: [SourceRecord] = []
        let most = min(scenario.loaded ?? fileRecordsMax, fileRecordsMax)
        do {
            var reader = try RecordFileReader(path: path)
            while records.count < most, let item = try reader.next() {
                if case .record(_, let record, _) = item { records.append(record) }
            }
        } catch {
            throw LoadReader.failure(error, path)
        }
        guard !records.isEmpty else { throw CommandFailure("\(path) holds no records") }
        return .file(records)
    }

    /// Another population of the same size, of people who are not in the first.
    private static func strangers(_ known: PopulationGenerator) -> PopulationGenerator {
        PopulationGenerator(people: known.people, seed: known.seed &+ 0x9E37_79B9, duplicates: known.duplicates)
    }

    /// How many records the registry holds before anything is done.
    var loaded: Int {
        switch self {
        case .population(_, let loaded, _, _): loaded
        case .file(let records): records.count
        }
    }

    /// One of the first records that the registry holds, by chance.
    func known(_ random: inout SeededRandom, of held: Int) -> SourceRecord {
        switch self {
        case .population(let known, let loaded, _, _):
            known[random.below(max(1, min(held, loaded)))].sourceRecord()
        case .file(let records): records[random.below(records.count)]
        }
    }

    /// The record at a place.
    func record(_ place: Int) -> SourceRecord {
        switch self {
        case .population(let known, _, _, _): known[place].sourceRecord()
        case .file(let records): records[place % records.count]
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
