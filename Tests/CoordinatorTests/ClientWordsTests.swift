import ShardProtocol
import Testing

@testable import Coordinator

@Suite("What clients are told of a shard's failure")
struct ClientWordsTests {
    @Test(
        "Neither an address nor a path leaves the cluster",
        arguments: [
            ShardError.unavailable("connectFailed in connect to 10.0.0.7:8081"),
            .storage("cannot open /var/lib/tessera/shard-1/data.mdb"),
        ]
    )
    func keepsToItself(_ error: ShardError) {
        for words in [WritePath.words(error), RegistryError(error).text] {
            #expect(!words.isEmpty)
            #expect(!words.contains("10.0.0.7"))
            #expect(!words.contains("/var/lib"))
        }
    }
}
