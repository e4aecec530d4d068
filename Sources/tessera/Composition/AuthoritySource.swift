import Authorities
import Foundation

/// Where the assigning authorities come from: a file, or nowhere.
enum AuthoritySource {
    /// Reads a file of authorities; without a path nothing is configured.
    ///
    /// - Throws: `ConfigurationFile.Faults` with all that is wrong in it.
    static func load(_ path: String?) throws -> AuthorityRegistry {
        guard let path else { return .empty }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw ConfigurationFile.Faults(path: path, faults: ["cannot be read"])
        }
        do throws(AuthorityFaults) {
            return try AuthorityRegistry(yaml: text)
        } catch {
            throw ConfigurationFile.Faults(path: path, faults: error.faults)
        }
    }
}
