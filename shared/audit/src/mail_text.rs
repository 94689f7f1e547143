//! The text of a notice's mail, in the languages of the product.
//!
//! Every sentence is one line of a table: subject, body. Numbers and dates stand in them as plain digits and ISO dates,
//! which all four languages read alike.

use domain::Timestamp;
use domain::account::PlanId;
use domain::mail::Mail;
use domain::notice::NoticeSubject;
use domain::settings::Language;

/// What a mail ends with: why it came.
const fn footer(language: Language) -> &'static str {
    match language {
        Language::English => "You get this mail because it concerns your Reelsmith account.",
        Language::Korean => "이 메일은 회원님의 Reelsmith 계정과 관련하여 발송되었습니다.",
        Language::Chinese => "您收到此邮件，是因为它与您的 Reelsmith 账户有关。",
        Language::Russian => "Вы получили это письмо, так как оно касается вашего аккаунта Reelsmith.",
    }
}

/// The mail that tells `to` of a notice.
pub fn mail_text(to: &str, language: Language, subject: &NoticeSubject) -> Mail {
    let (title, body) = match subject {
        NoticeSubject::LimitWarning {
            quota,
            used,
            limit,
            resets_at,
        }
        | NoticeSubject::LimitCritical {
            quota,
            used,
            limit,
            resets_at,
        } => limit_words(language, quota, (*used, *limit), *resets_at),
        NoticeSubject::RunningOut { available, days } => running_out_words(language, available.get(), *days),
        NoticeSubject::Expiring { credits, expires_at } => {
            expiring_words(language, credits.get(), &expires_at.day())
        }
        NoticeSubject::SecondSubscription {
            returned_minor,
            currency,
        } => second_subscription_words(language, &money(*returned_minor, currency)),
        NoticeSubject::PlanChanged { plan, credits } => plan_changed_words(language, *plan, credits.get()),
        NoticeSubject::Unusual { day, credits, usual } => unusual_words(language, day, *credits, *usual),
    };
    let footer = footer(language);
    Mail {
        to: to.to_owned(),
        text: format!("{body}\n\n-- \n{footer}\n"),
        html: format!(
            "<!doctype html><html lang=\"{}\"><body><p>{}</p><hr><p><small>{}</small></p></body></html>",
            language.as_str(),
            escaped(&body),
            escaped(footer)
        ),
        subject: title,
    }
}

fn limit_words(
    language: Language,
    quota: &str,
    (used, limit): (u64, u64),
    resets_at: Option<Timestamp>,
) -> (String, String) {
    let percent = u128::from(used).saturating_mul(100) / u128::from(limit.max(1));
    let again = resets_at.map(Timestamp::day);
    match language {
        Language::English => (
            format!("{percent}% of your {quota} limit is used"),
            format!("Your account has used {used} of {limit} ({quota}).")
                + &again.map_or(String::new(), |day| format!(" The count starts again on {day}.")),
        ),
        Language::Korean => (
            format!("{quota} 한도의 {percent}%를 사용했습니다"),
            format!("회원님의 계정은 {limit} 중 {used}을(를) 사용했습니다 ({quota}).")
                + &again.map_or(String::new(), |day| format!(" {day}에 다시 시작됩니다.")),
        ),
        Language::Chinese => (
            format!("{quota} 额度已使用 {percent}%"),
            format!("您的账户已使用 {limit} 中的 {used}（{quota}）。")
                + &again.map_or(String::new(), |day| format!("{day} 重新计算。")),
        ),
        Language::Russian => (
            format!("Использовано {percent}% лимита {quota}"),
            format!("Использовано {used} из {limit} ({quota}).")
                + &again.map_or(String::new(), |day| format!(" Счёт начнётся заново {day}.")),
        ),
    }
}

fn running_out_words(language: Language, available: u64, days: u64) -> (String, String) {
    match language {
        Language::English => (
            format!("Your credits will last about {days} more days"),
            format!(
                "You have {available} credits. At the rate of the last week they last about {days} days."
            ),
        ),
        Language::Korean => (
            format!("크레딧이 약 {days}일 후 소진됩니다"),
            format!(
                "현재 {available} 크레딧이 있습니다. 지난 한 주의 사용량으로는 약 {days}일 동안 사용할 수 있습니다."
            ),
        ),
        Language::Chinese => (
            format!("您的积分大约还能用 {days} 天"),
            format!("您现有 {available} 积分。按最近一周的用量，大约还能使用 {days} 天。"),
        ),
        Language::Russian => (
            format!("Кредитов хватит примерно на {days} дн."),
            format!(
                "У вас {available} кредитов. При расходе последней недели их хватит примерно на {days} дн."
            ),
        ),
    }
}

fn expiring_words(language: Language, credits: u64, day: &str) -> (String, String) {
    match language {
        Language::English => (
            format!("{credits} credits expire on {day}"),
            format!(
                "{credits} of your credits expire on {day} (UTC). Credits that a running job holds do not expire."
            ),
        ),
        Language::Korean => (
            format!("{credits} 크레딧이 {day}에 만료됩니다"),
            format!(
                "회원님의 {credits} 크레딧이 {day}(UTC)에 만료됩니다. 진행 중인 작업이 보유한 크레딧은 만료되지 않습니다."
            ),
        ),
        Language::Chinese => (
            format!("{credits} 积分将于 {day} 过期"),
            format!("您的 {credits} 积分将于 {day}（UTC）过期。正在进行的任务所占用的积分不会过期。"),
        ),
        Language::Russian => (
            format!("{credits} кредитов сгорят {day}"),
            format!(
                "{credits} ваших кредитов сгорят {day} (UTC). Кредиты, занятые идущей работой, не сгорают."
            ),
        ),
    }
}

fn unusual_words(language: Language, day: &str, credits: u64, usual: u64) -> (String, String) {
    match language {
        Language::English => (
            format!("Unusual use on {day}"),
            format!(
                "On {day} your account used {credits} credits; usually it is about {usual} a day. If this was not you, withdraw your API keys."
            ),
        ),
        Language::Korean => (
            format!("{day}에 평소와 다른 사용량이 있었습니다"),
            format!(
                "{day}에 {credits} 크레딧을 사용했습니다. 평소에는 하루 약 {usual} 크레딧입니다. 본인이 아니라면 API 키를 폐기하세요."
            ),
        ),
        Language::Chinese => (
            format!("{day} 用量异常"),
            format!(
                "{day} 您的账户使用了 {credits} 积分，平时每天约 {usual}。如果不是您本人操作，请撤销 API 密钥。"
            ),
        ),
        Language::Russian => (
            format!("Необычный расход {day}"),
            format!(
                "{day} израсходовано {credits} кредитов, обычно около {usual} в день. Если это были не вы, отзовите API-ключи."
            ),
        ),
    }
}

/// A sum with its currency: `19.99 USD`.
fn money(minor: u64, currency: &str) -> String {
    let (whole, cents) = (minor / 100, minor % 100);
    format!("{whole}.{cents:02} {}", currency.to_ascii_uppercase())
}

fn second_subscription_words(language: Language, sum: &str) -> (String, String) {
    match language {
        Language::English => (
            "Your second subscription was ended".to_owned(),
            format!(
                "A second subscription was paid while you already have one. It was ended, and {sum} goes back to you. Your first subscription goes on."
            ),
        ),
        Language::Korean => (
            "두 번째 구독이 종료되었습니다".to_owned(),
            format!(
                "이미 구독이 있는 상태에서 두 번째 구독이 결제되었습니다. 두 번째 구독은 종료되었으며 {sum}이 환불됩니다. 첫 번째 구독은 계속 유지됩니다."
            ),
        ),
        Language::Chinese => (
            "您的第二个订阅已终止".to_owned(),
            format!(
                "您已有订阅，却又支付了第二个订阅。第二个订阅已终止，{sum} 将退还给您。第一个订阅继续有效。"
            ),
        ),
        Language::Russian => (
            "Вторая подписка прекращена".to_owned(),
            format!(
                "У вас уже есть подписка, но была оплачена вторая. Она прекращена, {sum} будет возвращено вам. Первая подписка действует дальше."
            ),
        ),
    }
}

fn plan_changed_words(language: Language, plan: PlanId, credits: u64) -> (String, String) {
    let plan = match plan {
        PlanId::Free => "free",
        PlanId::Basic => "basic",
        PlanId::Standard => "standard",
        PlanId::Professional => "professional",
    };
    match language {
        Language::English => (
            format!("Your plan is now {plan}"),
            format!(
                "Your subscription was changed at the payment provider. Your plan is now {plan}, and the payment brought {credits} credits."
            ),
        ),
        Language::Korean => (
            format!("요금제가 {plan}(으)로 변경되었습니다"),
            format!(
                "결제 서비스에서 구독이 변경되었습니다. 현재 요금제는 {plan}이며, 결제로 {credits} 크레딧이 지급되었습니다."
            ),
        ),
        Language::Chinese => (
            format!("您的套餐现为 {plan}"),
            format!("您在支付平台更改了订阅。您的套餐现为 {plan}，此次付款带来 {credits} 积分。"),
        ),
        Language::Russian => (
            format!("Ваш тариф теперь {plan}"),
            format!(
                "Подписка изменена у платёжного провайдера. Ваш тариф теперь {plan}, оплата принесла {credits} кредитов."
            ),
        ),
    }
}

/// Escapes text for HTML.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests;
