/** What the verbs tell the console, by name: pages are drawn from these and nothing else. */
import type * as z from "zod/v4";
import type { getRhythm, listCaptures, listSummaries, map, plan, review } from "#brain/assistant/index.ts";
import type { getOffer, listAccounts } from "#brain/crm/index.ts";
import type {
  findSlots,
  getAppointment,
  getBoard,
  getCalendar,
  getJob,
  getWeek,
  listBlackouts,
  listMessages as listFieldMessages,
  listJobs,
  listNoticeRules,
  listNotices,
  listTechs,
} from "#brain/field/index.ts";
import type { listApiKeys, listInvitations, listMembers, listSources } from "#brain/identity/index.ts";
import type {
  getConversation,
  listBreakers,
  listConversationEvents,
  listMessages,
  listPassages,
  listSyncs,
  listWrites,
} from "#brain/inbox/index.ts";
import type { getOfferGrounds, listPromises, listRisks, listTimeline } from "#brain/insight/index.ts";
import type {
  getAnswer,
  getEntry,
  listCanaries,
  listCanaryRuns,
  listEntries,
  listEntryVersions,
  listFailedPassages,
  status,
} from "#brain/memory/index.ts";
import type {
  countMessages,
  countSegment,
  dryRun,
  dryRunCampaign,
  getCampaign,
  getMessage,
  getPolicies,
  getSettings,
  listCampaignEvents,
  listCampaigns,
  listHolds,
  listMessages as listOutbound,
  listSegments,
  listSenders,
  listTemplates,
  listWays,
  previewTemplate,
  reviewEvidence,
  reviewMessage,
} from "#brain/outbound/index.ts";
import type { getContact, getUses, listContacts, listProposals } from "#brain/people/index.ts";
import type { erasures, exports, retention } from "#brain/registry.ts";
import type {
  getLetter,
  getSchedule,
  listAudit,
  listLetters,
  listRuns,
  listStuck,
  verifyAudit,
} from "#brain/shared/index.ts";
import type {
  getDocument,
  listDocumentPassages,
  listDocuments,
  listSources as listVaultSources,
} from "#brain/vault/index.ts";
import type {
  getBehind,
  getEntity,
  listConflicts,
  listEntities,
  listFactProposals,
  listRelationships,
} from "#brain/world/index.ts";

type Told<V extends { output: () => z.ZodType }> = z.output<ReturnType<V["output"]>>;
type Row<V extends { output: () => z.ZodType<{ data: unknown[] }> }> = Told<V>["data"][number];

export type Conversation = Told<typeof getConversation>;
export type OwnWrite = Row<typeof listWrites>;
export type Breaker = Row<typeof listBreakers>;
export type Message = Row<typeof listMessages>;
export type Passage = Row<typeof listPassages>;
export type FailedPassage = Row<typeof listFailedPassages>;
export type LedgerLine = Row<typeof listConversationEvents>;
export type Answer = Told<typeof getAnswer>;
export type Member = Row<typeof listMembers>;
export type Invitation = Row<typeof listInvitations>;
export type Contact = Row<typeof listContacts>;
export type PersonCard = Told<typeof getContact>;
export type MergeProposal = Row<typeof listProposals>;
export type PromiseRow = Row<typeof listPromises>;
export type RiskRow = Row<typeof listRisks>;
export type TimelineEntry = Row<typeof listTimeline>;
export type ApiKeyRow = Row<typeof listApiKeys>;
export type SenderRow = Row<typeof listSenders>;
export type SourceRow = Row<typeof listSources>;
export type VaultSource = Row<typeof listVaultSources>;
export type DocumentRow = Row<typeof listDocuments>;
export type DocumentShown = Told<typeof getDocument>;
export type DocumentPassage = Told<typeof listDocumentPassages>["data"][number];
export type SyncRow = Row<typeof listSyncs>;
export type AuditRow = Row<typeof listAudit>;
export type Verdict = Told<typeof verifyAudit>;
export type RetentionPolicy = Row<(typeof retention)["list"]>;
export type RetentionCount = Row<(typeof retention)["preview"]>;
export type ErasureRow = Told<(typeof erasures)["get"]>;
export type Manifest = Told<(typeof erasures)["manifest"]>;
export type ErasureProof = Told<(typeof erasures)["verify"]>;
export type ExportRow = Row<(typeof exports)["list"]>;
export type Uses = Told<typeof getUses>;
export type ScheduleRow = Told<typeof getSchedule>;
export type RunRow = Row<typeof listRuns>;

export type LetterLine = Row<typeof listLetters>;
export type Letter = Told<typeof getLetter>;
export type StuckRow = Row<typeof listStuck>;
export type Outgoing = Row<typeof listOutbound>;
export type OutgoingLife = Told<typeof getMessage>;
export type Review = NonNullable<Told<typeof reviewMessage>["message"]>;
export type Ground = Row<typeof reviewEvidence>;
export type StateCount = Row<typeof countMessages>;
export type Ways = Told<typeof listWays>;
export type Stands = Told<typeof getPolicies>;
export type PolicyRow = Stands["policies"][number];
export type SendingRules = Told<typeof getSettings>;
export type DryRun = Told<typeof dryRun>;
export type Hold = Row<typeof listHolds>;

export type EntryFull = Told<typeof getEntry>;
export type EntryLine = Row<typeof listEntries>;
export type EntryCounts = Told<typeof listEntries>["counts"];
export type EntryVersion = Row<typeof listEntryVersions>;
export type CanaryRow = Row<typeof listCanaries>;
export type CanaryRun = Row<typeof listCanaryRuns>;
export type MemoryStatus = Told<typeof status>;

/** What a form about a source came to. */
export type SourceNews = { source: string } & (
  | { what: "bound"; secret: string | null }
  | { what: "secret"; secret: string | null }
  | { what: "test"; result: string }
);

/** Rows of one page, and the addresses of the next one where there is one. */
export type Listed<T> = { data: T[]; more: string | null };

/** Chatwoot's own number at the end of a mirrored id: `cwmsg:<project>:<account>:90121` → `90121`. */
export const numberIn = (id: string): string => id.slice(id.lastIndexOf(":") + 1);

export const conversationPath = (number: number | string): string => `/console/conversations/${number}`;
export const turnPath = (conversation: string, message: string): string =>
  `${conversationPath(numberIn(conversation))}?turn=${numberIn(message)}#turn-${numberIn(message)}`;

export const documentPath = (id: string): string => `/console/documents/${id}`;

export const personName = (name: string | null | undefined, number?: number | null): string =>
  name?.trim() || (number ? `Contact ${number}` : "Unknown contact");

export type JobLine = Row<typeof listJobs>;
export type JobFull = Told<typeof getJob>;
export type JobStatus = JobLine["status"];
export type TechRow = Row<typeof listTechs>;
export type FieldMessage = Row<typeof listFieldMessages>;

export type CampaignLine = Row<typeof listCampaigns>;
export type CampaignFull = Told<typeof getCampaign>;
export type CampaignEventRow = Row<typeof listCampaignEvents>;
export type SegmentRow = Row<typeof listSegments>;
export type SegmentCount = Told<typeof countSegment>;
export type CampaignDryRun = Told<typeof dryRunCampaign>;
export type TemplateRow = Row<typeof listTemplates>;
export type TemplateSaid = Told<typeof previewTemplate>;
export type BoardShape = Told<typeof getBoard>;
export type BoardRow = BoardShape["techs"][number];
export type AppointmentRow = Told<typeof getAppointment>;
export type JobRow = Row<typeof listJobs>;
export type SlotRow = Row<typeof findSlots>;
export type BlackoutRow = Row<typeof listBlackouts>;
export type CalendarShape = Told<typeof getCalendar>;
export type WeekShape = Told<typeof getWeek>;
export type NoticeRow = Row<typeof listNotices>;
export type NoticeRuleRow = Row<typeof listNoticeRules>;

export type PlanShape = Told<typeof plan>;
export type PlanItem = PlanShape["today"][number];
export type ReviewShape = Told<typeof review>;
export type RhythmShape = Told<typeof getRhythm>;
export type SummaryRow = Row<typeof listSummaries>;
export type CaptureRow = Row<typeof listCaptures>;
export type MapShape = Told<typeof map>;
export type MapThing = MapShape["things"][number];
export type ThingKind = MapThing["entity_type"];
/** A task, goal or problem: what they have in common, and what only some of them have. */
export type Thing = {
  id: string;
  title: string;
  status: string;
  version: number;
  created_at: string;
  updated_at: string;
  notes?: string | null;
  description?: string | null;
  priority?: number | null;
  impact_score?: number | null;
  severity?: number | null;
  due_date?: string | null;
  target_date?: string | null;
  horizon?: string | null;
  repeats?: string | null;
  completed_at?: string | null;
  ref_type?: "job" | "outbound_message" | null;
  ref_id?: string | null;
  source_evidence_id?: string | null;
  needs_review?: "evidence_edited" | "evidence_withdrawn" | null;
};

export type OfferSeen = Told<typeof getOffer>;
export type AccountSeen = Row<typeof listAccounts>;
export type GroundSeen = Told<typeof getOfferGrounds>["grounds"][number];
export type EntityRow = Row<typeof listEntities>;
export type EntityKnown = Told<typeof getEntity>;
export type KnownFact = EntityKnown["attributes"][number]["facts"][number];
export type Behind = Told<typeof getBehind>;
export type RelationRow = Row<typeof listRelationships>;
export type ConflictRow = Row<typeof listConflicts>;
export type FactProposal = Row<typeof listFactProposals>;
