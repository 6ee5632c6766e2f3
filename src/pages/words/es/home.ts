/** La página de inicio. */
import type { Words } from '../words.ts';

export const home: Words['home'] = {
  title: 'Usted decide quién usa sus datos',
  lead: 'A veces otro servicio quiere usar lo que es suyo: sus tareas, su código fuente, los resultados de sus compilaciones. Aquí es donde tiene que pedírselo primero.',
  signInFirst: 'Inicie sesión para ver lo que ha permitido hasta ahora.',
  howItWorks: 'Cómo funciona',
  steps: [
    ['Un servicio pregunta.', 'Lo envía aquí, y usted ve su nombre y todo lo que quiere hacer.'],
    [
      'Usted responde.',
      'Aprueba, permite solo una parte o se niega. Su contraseña se queda con usted: ningún servicio la ve nunca.',
    ],
    ['Puede cambiar de opinión.', 'Todo lo que ha permitido aparece aquí, y un solo botón lo retira.'],
  ],
};
