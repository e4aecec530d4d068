import ArgumentParser
import HL7Door
import Transport

/// The options of the door of HL7 v2.
struct MLLPOptions: ParsableArguments {
    @Option(help: "Listen for HL7 v2 over MLLP at this address, such as 127.0.0.1:2575; off unless given.")
    var mllp: ListenAddress?

    @Option(help: "The certificate of the HL7 v2 door with those that lead to its authority (PEM): MLLP under TLS.")
    var mllpCertificate: String?

    @Option(help: "The private key of that certificate (PEM).")
    var mllpKey: String?

    @Option(help: "The authorities (PEM) of which HL7 v2 clients must show a certificate.")
    var mllpClientAuthorities: String?

    @Option(help: "Whose reading of the profiles holds where they differ: ihe or openhie.")
    var mllpProfile: String = HL7DoorSettings.Profile.ihe.rawValue

    @Option(help: "A file of consumers that are told when the identifiers of a person change (ITI-10).")
    var mllpConsumers: String?

    func validate() throws {
        if mllpCertificate == nil, mllpKey != nil || mllpClientAuthorities != nil {
            throw ValidationError("--mllp-key and --mllp-client-authorities need --mllp-certificate")
        }
        if mllpCertificate != nil, mllpKey == nil { throw ValidationError("--mllp-certificate needs --mllp-key") }
        if HL7DoorSettings.Profile(rawValue: mllpProfile) == nil {
            throw ValidationError("--mllp-profile must be ihe or openhie")
        }
    }

    /// The door; `nil` where none is asked for.
    var door: MLLPDoor? {
        guard let mllp else { return nil }
        var door = MLLPDoor(
            listen: mllp,
            tls: TLSServerConfiguration(mllpCertificate, mllpKey, authorities: mllpClientAuthorities, .required)
        )
        door.settings.profile = HL7DoorSettings.Profile(rawValue: mllpProfile) ?? .ihe
        return door
    }
}
