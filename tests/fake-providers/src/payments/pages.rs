//! The pages of a fake provider that a person clicks, or a program posts as a browser would.
//!
//! `GET pay/<checkout>` shows the checkout; `POST pay/<checkout>` with `act` = `pay`, `later`, `decline` or `cancel`
//! does it and redirects. `GET portal/<customer>` shows subscriptions and invoices; `POST portal/<customer>` with
//! `act` = `change` (and `price`), `end`, `store_reply` or `cancel`, and `subscription`, does it.

use std::fmt::Write;

use payments::{CheckoutStatus, PaymentProvider};

use super::FakePayments;
use super::http::{Call, Reply, fields};
use super::state::{CatalogueItem, Checkout, ProviderState, Subscription};

/// Answers a call under `pay/` or `portal/`.
pub(super) fn answer(fake: &FakePayments, call: &Call) -> Reply {
    let form = fields(&String::from_utf8_lossy(&call.body));
    let act = form.get("act").map_or("", String::as_str);
    match (call.method.as_str(), call.parts().as_slice()) {
        ("GET", ["pay", id]) => checkout_page(&fake.state(), id, None),
        ("POST", ["pay", id]) => pay(fake, id, act),
        ("GET", ["portal", id]) => portal_page(&fake.state(), id, call),
        ("GET", [kind @ ("invoice" | "receipt"), id]) => paper_page(&fake.state(), kind, id),
        ("POST", ["portal", id]) => {
            let subscription = form.get("subscription").map_or("", String::as_str);
            let price = form.get("price").map_or("", String::as_str);
            let done = fake.change(|state| {
                state
                    .subscription(subscription)
                    .filter(|subscription| subscription.customer == *id)?;
                let changes = match act {
                    "change" if offers_change(state, call) => state.change_price(subscription, price, true),
                    "end" => state.plan_end(subscription, true),
                    "keep" => state.plan_end(subscription, false),
                    "cancel" => state.cancel_subscription(subscription),
                    _ => None,
                };
                Some(((), changes?))
            });
            match done {
                Some(()) => Reply::redirect(&format!("/portal/{id}")),
                None => sorry(&fake.state(), "There is no such subscription or price."),
            }
        }
        _ => sorry(&fake.state(), "There is no such page."),
    }
}

fn pay(fake: &FakePayments, id: &str, act: &str) -> Reply {
    let Some(checkout) = fake.state().checkout(id).cloned() else {
        return sorry(&fake.state(), "There is no such checkout.");
    };
    match act {
        "decline" => {
            return checkout_page(
                &fake.state(),
                id,
                Some("The card was declined. Nothing was paid."),
            );
        }
        "cancel" => {
            let back = checkout.params.cancel_url.unwrap_or(checkout.params.success_url);
            return Reply::redirect(&back);
        }
        "pay" | "later" => {}
        _ => return sorry(&fake.state(), "There is no such button."),
    }
    let paid = fake.change(|state| {
        let changes = state.pay_checkout(id, act == "later");
        (!changes.is_empty()).then_some(((), changes))
    });
    match paid {
        Some(()) => Reply::redirect(&checkout.params.success_url.replace("{CHECKOUT_SESSION_ID}", id)),
        None => checkout_page(&fake.state(), id, Some("This checkout is closed.")),
    }
}

fn checkout_page(state: &ProviderState, id: &str, message: Option<&str>) -> Reply {
    let Some(checkout) = state.checkout(id) else {
        return sorry(state, "There is no such checkout.");
    };
    let item = state
        .catalogue_item(&checkout.params.price_id)
        .expect("it is in the catalogue");
    let mut body = format!(
        "<p class=what>{}</p><p class=sum>{}</p>",
        item.name,
        price_text(item, checkout)
    );
    if let Some(message) = message {
        write!(body, "<p class=note role=alert>{message}</p>").expect("a string");
    }
    if let Some(email) = &checkout.params.email {
        write!(body, "<p class=quiet>Receipt to {}</p>", escape(email)).expect("a string");
    }
    if checkout.status == CheckoutStatus::Open {
        body.push_str("<form method=post><button name=act value=pay class=main>Pay</button>");
        if !item.monthly {
            body.push_str("<button name=act value=later>Pay later (delayed method)</button>");
        }
        body.push_str("<button name=act value=decline>Decline</button><button name=act value=cancel>Cancel</button></form>");
    } else if message.is_none() {
        body.push_str("<p class=note>This checkout is closed.</p>");
    }
    page(state, 200, "Checkout", &body)
}

fn price_text(item: &CatalogueItem, checkout: &Checkout) -> String {
    let every = if item.monthly { " every month" } else { "" };
    let trial = match checkout.params.trial_days {
        days if days > 0 && item.monthly => format!(", after {days} days for nothing"),
        _ => String::new(),
    };
    format!("{}{every}{trial}", dollars(item.cents))
}

/// Whether a portal's page offers another plan: Creem's never does, Stripe's as its configuration says.
fn offers_change(state: &ProviderState, call: &Call) -> bool {
    let wanted = call.query.get("configuration").filter(|id| !id.is_empty());
    let known = wanted.and_then(|id| state.portals.iter().find(|portal| portal.id == *id));
    state.provider == PaymentProvider::Stripe && known.is_none_or(|portal| portal.changes_plan)
}

/// An invoice, or the receipt of a payment.
fn paper_page(state: &ProviderState, kind: &str, id: &str) -> Reply {
    let cents = match kind {
        "invoice" => state.invoice(id).map(|invoice| invoice.cents),
        _ => state.payment(id).map(|payment| payment.cents),
    };
    match cents {
        Some(cents) => {
            let body = format!("<p class=what>{kind}</p><p class=sum>{}</p>", dollars(cents));
            page(state, 200, "Paper", &body)
        }
        None => sorry(state, "There is no such page."),
    }
}

fn portal_page(state: &ProviderState, id: &str, call: &Call) -> Reply {
    let back = call.query.get("return_url");
    let changes = offers_change(state, call);
    let Some(customer) = state.customer(id) else {
        return sorry(state, "There is no such customer.");
    };
    let mut body = String::new();
    for subscription in state
        .subscriptions
        .iter()
        .filter(|subscription| subscription.customer == customer.id)
    {
        let choice = if changes {
            plan_choice(state, subscription)
        } else {
            String::new()
        };
        body.push_str(&subscription_card(state, subscription, &choice));
    }
    if body.is_empty() {
        body.push_str("<p class=quiet>No subscription.</p>");
    }
    body.push_str("<h2>Invoices</h2><table><tr><th>Date<th>Number<th>Status<th class=right>Sum</tr>");
    for invoice in state
        .invoices
        .iter()
        .rev()
        .filter(|invoice| invoice.customer == customer.id)
    {
        let date: String = invoice.created.to_string().chars().take(10).collect();
        let status = serde_json::to_value(invoice.status).unwrap_or_default();
        let status = status.as_str().unwrap_or_default();
        let sum = dollars(invoice.cents);
        write!(
            body,
            "<tr><td>{date}<td>FAKE-{}<td>{status}<td class=right>{sum}</tr>",
            invoice.id
        )
        .expect("a string");
    }
    body.push_str("</table>");
    if let Some(back) = back.filter(|back| back.starts_with("http")) {
        write!(body, "<p><a href=\"{}\">Back</a></p>", escape(back)).expect("a string");
    }
    page(state, 200, "Your subscription", &body)
}

fn plan_choice(state: &ProviderState, subscription: &Subscription) -> String {
    let mut choice = "<label>Plan <select name=price>".to_owned();
    for item in state.catalogue.iter().filter(|item| item.monthly) {
        let chosen = if item.price_id == subscription.price_id {
            " selected"
        } else {
            ""
        };
        let sum = dollars(item.cents);
        write!(
            choice,
            "<option value=\"{}\"{chosen}>{}, {sum}</option>",
            item.price_id, item.name
        )
        .expect("a string");
    }
    choice + "</select></label><button name=act value=change class=main>Change plan</button>"
}

fn subscription_card(state: &ProviderState, subscription: &Subscription, choice: &str) -> String {
    let name = state
        .catalogue_item(&subscription.price_id)
        .map_or("", |item| item.name);
    let until: String = subscription.end.to_string().chars().take(10).collect();
    let status = serde_json::to_value(subscription.status).unwrap_or_default();
    let status = status.as_str().unwrap_or_default().replace('_', " ");
    let ends = if subscription.ends { ", ends then" } else { "" };
    let mut card =
        format!("<section><p class=what>{name}</p><p class=quiet>{status}, until {until}{ends}</p>");
    if !subscription.status.ended() {
        card.push_str("<form method=post>");
        write!(
            card,
            "<input type=hidden name=subscription value=\"{}\">",
            subscription.id
        )
        .expect("a string");
        card.push_str(choice);
        card.push_str(if subscription.ends {
            "<button name=act value=keep>Do not cancel</button>"
        } else {
            "<button name=act value=end>Cancel at the period's end</button>"
        });
        card.push_str("<button name=act value=cancel>Cancel now</button></form>");
    }
    card + "</section>"
}

fn sorry(state: &ProviderState, message: &str) -> Reply {
    page(state, 404, "Not here", &format!("<p class=note>{message}</p>"))
}

fn dollars(cents: i64) -> String {
    format!("${}.{:02}", cents / 100, cents % 100)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}

const STYLE: &str = "*{box-sizing:border-box}body{margin:0;font:16px/1.5 system-ui,sans-serif;background:#f4f2ee;\
color:#22201c}header{background:#f2c200;color:#22201c;padding:12px 16px;text-align:center;font-weight:700}\
main{max-width:460px;margin:32px auto;padding:28px;background:#fff;border-radius:14px;\
box-shadow:0 2px 18px rgba(0,0,0,.08)}h1{font-size:20px;margin:0 0 16px}h2{font-size:16px;margin:28px 0 8px}\
.what{font-size:18px;font-weight:600;margin:0}.sum{font-size:30px;font-weight:700;margin:4px 0 16px}\
.quiet{color:#6b665d;margin:4px 0 12px}.note{background:#fdeeea;border-left:4px solid #c4402a;padding:10px 12px}\
form{display:grid;gap:10px;margin-top:16px}button,select{min-height:46px;width:100%;font:inherit;border-radius:9px;\
border:1px solid #c9c3b8;background:#fff;cursor:pointer;padding:0 12px}button.main{background:#22201c;color:#fff;\
border-color:#22201c}button:focus-visible,select:focus-visible{outline:3px solid #f2c200}\
section{border:1px solid #e4dfd6;border-radius:10px;padding:16px;margin-bottom:12px}table{width:100%;\
border-collapse:collapse;font-size:14px}th,td{text-align:left;padding:6px 4px;border-bottom:1px solid #eee;\
overflow-wrap:anywhere}.right{text-align:right}@media(max-width:500px){main{margin:0;border-radius:0}}";

fn page(state: &ProviderState, status: u16, title: &str, body: &str) -> Reply {
    let name = match state.provider {
        PaymentProvider::Stripe => "Fake Stripe",
        PaymentProvider::Creem => "Fake Creem",
    };
    Reply::html(
        status,
        format!(
            "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport \
             content=\"width=device-width,initial-scale=1\"><title>{name} – {title}</title><style>{STYLE}</style>\
             <header>{name} – test only. No money moves here.</header><main><h1>{title}</h1>{body}</main></html>"
        ),
    )
}
