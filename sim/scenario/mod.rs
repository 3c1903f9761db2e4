//! What the user wrote, typed and resolved: one file per module of the scenario, `reading/` for how it is read.

pub mod cohort;
pub mod collateral;
pub mod demand;
pub mod evasion;
mod laws;
pub mod market;
mod names;
pub mod outlook;
pub mod quests;
pub mod reading;
pub mod recorded;
pub mod rules;
pub mod run;
pub mod size;
pub mod steady;
pub mod timeline;
pub mod trace;

use cohort::{Cohort, Farm};
use collateral::Collateral;
use demand::RenterClass;
use market::{Cloud, Hardware, Shop, Site};
use outlook::{Narrative, Outsiders, Token};
use reading::{Document, Report};
use rules::ProtocolRules;
use run::Run;
use std::path::Path;
use steady::Steady;
use timeline::{Dated, Trigger};
use trace::Cluster;

/// A whole scenario, checked.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Name: the file's stem.
    pub name: String,
    /// The question it asks, for the reader.
    pub question: String,
    /// The resolved text, from which the run's id follows.
    pub canonical: String,
    /// How it is run.
    pub run: Run,
    /// GPU models.
    pub hardware: Vec<Hardware>,
    /// Kinds of places.
    pub sites: Vec<Site>,
    /// Machines for rent.
    pub clouds: Vec<Cloud>,
    /// Hardware for sale.
    pub shops: Vec<Shop>,
    /// People who might take part.
    pub cohorts: Vec<Cohort>,
    /// People who list what is not there.
    pub farms: Vec<Farm>,
    /// Renters.
    pub renters: Vec<RenterClass>,
    /// Hosts and jobs that were recorded elsewhere.
    pub cluster: Cluster,
    /// What the public hears.
    pub narrative: Narrative,
    /// What the token is believed to be worth.
    pub token: Token,
    /// What outsiders assume about others.
    pub outsiders: Outsiders,
    /// What stakes cost those who bring them.
    pub collateral: Collateral,
    /// The network's rules.
    pub rules: ProtocolRules,
    /// Dated acts.
    pub timeline: Vec<Dated>,
    /// Standing orders.
    pub triggers: Vec<Trigger>,
    /// What is measured once the run has settled.
    pub steady: Option<Steady>,
}

impl Scenario {
    /// Loads and checks a scenario file with `--set` arguments.
    ///
    /// # Errors
    /// Every problem of the file at once.
    pub fn load(path: &Path, sets: &[String]) -> Result<Scenario, Report> {
        let name =
            path.file_stem().map_or_else(|| "scenario".to_owned(), |s| s.to_string_lossy().into_owned());
        Scenario::read(&name, &Document::load(path, sets)?)
    }

    /// Notes of dated acts that lie after the end of the run.
    #[must_use]
    pub fn never_happens(&self) -> Vec<&str> {
        let late = self.timeline.iter().filter(|dated| dated.at.0 > self.run.duration.0);
        late.map(|dated| dated.note.as_str()).collect()
    }

    /// Reads a resolved document.
    ///
    /// # Errors
    /// Every problem of the document at once.
    pub fn read(name: &str, document: &Document) -> Result<Scenario, Report> {
        let root = document.root();
        let run = Run::read(&root);
        let question = root.or("question", String::new(), "what the scenario asks, for the reader");
        let hardware = Hardware::read_all(&root);
        let models: Vec<&str> = hardware.iter().map(|h| h.name.as_str()).collect();
        let sites = Site::read_all(&root);
        let places: Vec<&str> = sites.iter().map(|s| s.name.as_str()).collect();
        let clouds = Cloud::read_all(&root, &models, &places);
        let shops = Shop::read_all(&root, &models);
        let cluster = Cluster::read(&root, &hardware, &sites);
        let mut cohorts = Cohort::read_all(&root, &models, &places, &clouds, &shops);
        if !cluster.hosts.is_empty() {
            cohorts.push(Cohort::operator(cluster.upkeep));
        }
        let farms = Farm::read_all(&root, &models, &clouds);
        let renters = RenterClass::read_all(&root, &models, &clouds);
        let narrative = Narrative::read(&root);
        let token = Token::read(&root, &run);
        let outsiders = Outsiders::read(&root);
        let rules = ProtocolRules::read(&root, &run, &hardware);
        let collateral = Collateral::read(&root, &rules);
        collateral::check(&root, &rules, !cluster.hosts.is_empty(), !renters.is_empty(), &farms);
        demand::check(&root, &renters, &rules);
        quests::check(&root, &rules, &cohorts, &farms);
        let timeline = timeline::read_timeline(&root, &run, &clouds);
        let triggers = timeline::read_triggers(&root, &run, &clouds);
        let steady = Steady::read(&root);
        names::check(&root, &cohorts, &farms, &renters);
        size::check(&root, &run, &cohorts, &farms, &renters);
        let acts = timeline.iter().map(|d| &d.acts).chain(triggers.iter().map(|t| &t.acts));
        if !rules.links_accounts() && acts.flatten().any(|act| matches!(act, timeline::Act::PurgeFlagged)) {
            root.problem(
                "timeline",
                "purge_flagged has no rule that could flag anyone",
                "choose a rule, e.g. [protocol.linkage.subnet_cluster]",
            );
        }
        document.finish()?;
        Ok(Scenario {
            name: name.to_owned(),
            question,
            canonical: document.canonical(),
            run,
            hardware,
            sites,
            clouds,
            shops,
            cohorts,
            farms,
            renters,
            cluster,
            narrative,
            token,
            outsiders,
            collateral,
            rules,
            timeline,
            triggers,
            steady,
        })
    }
}

/// True of a scenario in which nobody decides anything: it says an emission schedule and nothing of a world, or its only
/// supply is a cluster. It needs no beliefs.
fn nobody_takes_part(root: &reading::Table<'_>) -> bool {
    let deciding = ["supply", "sybil", "cloud", "shop"].iter().any(|table| root.has(table));
    let schedule = root.table("protocol", "the network's own rules").is_some_and(|t| t.has("emission"));
    let idle = schedule && !root.has("hardware") && !root.has("demand");
    let cluster =
        root.table("hardware", "GPU models, and the hosts of a cluster").is_some_and(|t| t.has("nodes"));
    !deciding && (idle || cluster)
}
