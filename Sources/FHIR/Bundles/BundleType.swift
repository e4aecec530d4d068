/// What a bundle is for (FHIR R4 value set `bundle-type`).
public enum BundleType: String, Sendable, Hashable, CaseIterable {
    /// Clinical document.
    case document
    /// Message: a MessageHeader and what it is about.
    case message
    /// Actions to be done all or none.
    case transaction
    /// The outcome of a transaction.
    case transactionResponse = "transaction-response"
    /// Actions to be done one by one.
    case batch
    /// The outcome of a batch.
    case batchResponse = "batch-response"
    /// Versions of resources.
    case history
    /// The outcome of a search.
    case searchset
    /// Resources without further meaning.
    case collection
}
