import Foundation
import Identifiers
import Topology

/// What the control file holds, and how: version 2.
///
///     tessera-control 2
///     epoch 5
///     tessera-map 1
///     ...
///
/// The map is missing for as long as there is none. Version 1 had the epoch alone; it is read, and becomes version 2
/// with the next write.
struct ControlFile: Equatable {
    private static let header = "tessera-control 2"
    private static let firstHeader = "tessera-control 1"
    /// The two lines before the map take less.
    private static let headLimit = 256

    var epoch = Epoch(0)
    var map: ClusterMap?

    init() {}

    /// Reads the text of a control file.
    ///
    /// - Throws: the reason in words.
    init(decoding text: String) throws(Damage) {
        guard text.utf8.count <= ClusterMap.textLimit + Self.headLimit else { throw Damage(reason: "it is too long") }
        let lines = text.split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: true)
        guard let header = lines.first, header == Self.header || header == Self.firstHeader else {
            throw Damage(reason: "not a control file of version 1 or 2")
        }
        guard lines.count > 1, lines[1].hasPrefix("epoch "), let number = UInt64(lines[1].dropFirst(6)) else {
            throw Damage(reason: "the epoch is missing")
        }
        epoch = Epoch(number)
        guard lines.count > 2 else { return }
        guard header == Self.header else { throw Damage(reason: "version 1 ends with the epoch, but more follows") }
        do throws(TopologyError) {
            map = try ClusterMap(decoding: String(lines[2]))
        } catch {
            throw Damage(reason: error.description)
        }
    }

    func encoded() -> String { Self.header + "\nepoch \(epoch)\n" + (map?.encoded() ?? "") }

    /// What is wrong with a text.
    struct Damage: Error, Equatable {
        var reason: String
    }
}
