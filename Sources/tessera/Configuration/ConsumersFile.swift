import Foundation
import HL7Door
import Transport
import Yams

/// The consumers of update notifications (ITI-10), read from a YAML file.
///
///     version: 1
///     consumers:
///       - {name: ehr, address: "10.0.0.7:2575", application: EHR, facility: WARD, domains: "TEST_A TEST_B"}
///
/// `domains` are any names of them, parted by blanks; `*` stands for all. `authorities`, `certificate` and `key` name
/// the files for MLLP under TLS.
enum ConsumersFile {
    /// Reads and checks a file; without a path there are no consumers.
    ///
    /// - Throws: `ConfigurationFile.Faults`, all at once.
    static func load(_ path: String?) throws -> [NotificationConsumer] {
        guard let path else { return [] }
        var file = try ConfigurationFile(path: path)
        var consumers: [NotificationConsumer] = []
        let items = file.list(
            "consumers",
            of: ["name", "address", "application", "facility", "domains"],
            optional: ["authorities", "certificate", "key"]
        )
        for (index, item) in items.enumerated() {
            guard let name = item["name"], let address = item["address"].flatMap({ ListenAddress($0) }) else {
                file.fault("`consumers[\(index)].address` must be HOST:PORT")
                continue
            }
            if consumers.contains(where: { $0.name == name }) {
                file.fault("`consumers[\(index)].name` is that of another consumer")
            }
            let tls = item["authorities"].map {
                TLSClientConfiguration(authoritiesPath: $0, certificatePath: item["certificate"], keyPath: item["key"])
            }
            let domains = (item["domains"] ?? "").split(separator: " ").map(String.init)
            consumers.append(
                NotificationConsumer(
                    name: name,
                    endpoint: Endpoint(host: address.host, port: address.port, tls: tls),
                    application: item["application"] ?? "",
                    facility: item["facility"] ?? "",
                    domains: domains == ["*"] ? [] : domains
                )
            )
        }
        try file.finish()
        return consumers
    }
}
