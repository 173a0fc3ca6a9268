# La page à laquelle mène le lien d’une invitation.

brand = Lieu d’événements virtuel
invited-to = Vous avez reçu une invitation à
intro = Cet événement se tient dans un lieu virtuel. Vous y entrez avec le programme VEV, avec un casque ou dans une fenêtre de votre ordinateur.
open-vev = Ouvrir VEV
open-hint = Rien ne se passe ? Le programme n’est pas encore installé sur cet ordinateur : voir ci-dessous.
your-code = Votre code
code-hint = Si le bouton ne fonctionne pas, saisissez ce code sur la page d’accueil du programme. Il vous est personnel : merci de ne pas le transmettre.
copy-link = Copier le lien
copied = Copié
no-code = Votre code manque dans l’adresse. Veuillez ouvrir le lien complet de votre invitation, ou saisir votre code sur la page d’accueil du programme.
damaged-code = Le lien est endommagé : sa fin manque ou a été modifiée. Veuillez rouvrir le lien de votre invitation, ou en demander un nouveau.
no-script = Votre navigateur n’exécute pas de scripts ; cette page ne peut donc pas lire votre code. C’est la partie du lien qui suit le signe #. Copiez le lien complet et collez-le sur la page d’accueil du programme.
get-heading = Obtenir le programme
get-link = Obtenir VEV
get-ask = Demandez à la personne qui vous a envoyé l’invitation où obtenir le programme.
get-start = Lancez-le et collez le lien de votre invitation sur sa page d’accueil. Il n’y a rien d’autre à configurer.
not-yet-heading = Cet événement n’est pas encore ouvert
opens-at = Il ouvre le { $time }. Revenez alors avec le même lien.
closed-heading = Cet événement est terminé
closed-body = Merci de votre intérêt. Si vous pensez qu’il s’agit d’une erreur, adressez-vous à la personne qui vous a envoyé l’invitation.
unknown-heading = Cet événement n’existe pas ici
unknown-body = Veuillez vérifier le lien de votre invitation. L’événement a peut-être une autre adresse, ou il a été supprimé.
busy-heading = Le serveur ne peut pas répondre pour le moment
busy-body = Veuillez réessayer dans une minute. Si cela ne suffit pas, prévenez la personne qui vous a envoyé l’invitation.
privacy-heading = Vos données
privacy-stored = Le serveur conserve votre nom, votre délégation, votre rôle et votre langue tels que l’organisateur les a saisis, vos arrivées et vos départs, les salles où vous entrez, les messages que vous écrivez, les personnes que vous bloquez, vos signalements, les signalements qui vous concernent et les mesures prises à votre égard pour maintenir l’ordre.
privacy-not-stored = Vos mouvements, votre regard et votre voix ne sont pas conservés.
privacy-readers = Les messages adressés à une salle sont lus par les personnes présentes, les messages adressés à une personne par elle seule, les signalements par la modération. Les administrateurs de l’organisateur peuvent lire ce qui est conservé.
privacy-days = Les messages et les données de présence sont effacés { $days ->
    [one] { $days } jour
   *[other] { $days } jours
} après l’événement. Les signalements et les mesures prises pour maintenir l’ordre peuvent être conservés plus longtemps ; demandez à l’organisateur pendant combien de temps.
privacy-rights = Vous pouvez demander à l’organisateur une copie de vos données, ou leur effacement.
privacy-contact = Questions sur vos données : { $contact }
languages = Langue
