import ArgumentParser
import ShardProtocol

/// Which version of the shard protocol a process goes up to.
struct SpeakOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The newest version of the shard protocol to speak, for a rolling upgrade; all that are known without it.",
            valueName: "version"
        )
    )
    var speak: UInt16?

    var spoken: SpokenVersions { speak.flatMap { SpokenVersions(through: $0) } ?? .all }

    func validate() throws {
        guard let speak, SpokenVersions(through: speak) == nil else { return }
        throw ValidationError("--speak \(speak): this program speaks the versions \(SpokenVersions.all)")
    }
}
